package io.atelier.gateway;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.ImageSize;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.Worker;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Jobs as the view shows them. */
public final class SampleJobs {

    private static final Random RANDOM = new Random(7);
    private static final Worker WORKER = new Worker("generator-1", "pocket", "cpu");

    private SampleJobs() {}

    public static Job in(JobStatus status) {
        return of(status, Duration.ofMinutes(2), null, List.of(), List.of());
    }

    /** A job that succeeded with pictures of these bytes, under the keys of {@link #key}. */
    public static Job succeeded(byte[]... pictures) {
        var job = in(JobStatus.SUCCEEDED);
        var images = new java.util.ArrayList<StoredImage>();
        for (var picture : pictures) {
            images.add(image(job.id(), images.size(), StoredImage.Kind.IMAGE, picture));
        }
        return with(job, null, images, List.of());
    }

    /** The same under another id; its pictures lie under the keys of that one. */
    static Job as(JobId id, Job job) {
        return new Job(
                id,
                job.version(),
                job.status(),
                job.stage(),
                job.createdAt(),
                job.startedAt(),
                job.completedAt(),
                job.attempt(),
                job.maxAttempts(),
                job.request(),
                job.worker(),
                job.images().stream()
                        .map(image -> new StoredImage(
                                image.index(),
                                image.kind(),
                                key(id, image.index()),
                                image.sha256(),
                                image.bytes(),
                                image.mediaType(),
                                image.width(),
                                image.height(),
                                image.seed(),
                                image.tile()))
                        .toList(),
                job.grids(),
                job.warnings(),
                job.lastErrors(),
                job.error(),
                job.engineMillis(),
                job.cancel(),
                job.expiresAt(),
                job.erasure(),
                job.history());
    }

    /** The same job a moment before it succeeded. */
    static Job stillRunning(Job done) {
        return new Job(
                done.id(),
                done.version() - 1,
                JobStatus.RUNNING,
                "generating",
                done.createdAt(),
                done.startedAt(),
                null,
                done.attempt(),
                done.maxAttempts(),
                done.request(),
                WORKER,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null,
                null,
                null,
                null,
                null,
                List.of());
    }

    /** What is left of a job that was erased, by a client or because its time was up. */
    public static Job erased(boolean retentionEnded) {
        var job = in(JobStatus.SUCCEEDED);
        return new Job(
                job.id(),
                job.version() + 1,
                job.status(),
                "erased",
                job.createdAt(),
                job.startedAt(),
                job.completedAt(),
                1,
                3,
                job.request().redacted(),
                null,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null,
                null,
                null,
                null,
                new Job.Erasure(Instant.now(), retentionEnded),
                List.of());
    }

    /** A grid that was cut into one tile. */
    public static Job cut(byte[] grid, byte[] tile) {
        var job = in(JobStatus.SUCCEEDED);
        return with(
                job,
                new GridSpec(1, 1, false, 0, 0, 64),
                List.of(image(job.id(), 1, StoredImage.Kind.TILE, tile)),
                List.of(image(job.id(), 0, StoredImage.Kind.GRID, grid)));
    }

    public static String key(JobId job, int index) {
        return JobFolder.picture(job, "generate", 1, index);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static StoredImage image(JobId job, int index, StoredImage.Kind kind, byte[] bytes) {
        return new StoredImage(
                index, kind, key(job, index), sha256(bytes), bytes.length, "image/png", 512, 512, 7L + index, null);
    }

    private static Job with(Job job, @Nullable GridSpec spec, List<StoredImage> images, List<StoredImage> grids) {
        var built = of(job.status(), Duration.ofMinutes(2), spec, images, grids);
        return new Job(
                job.id(),
                built.version(),
                built.status(),
                built.stage(),
                built.createdAt(),
                built.startedAt(),
                built.completedAt(),
                1,
                3,
                built.request(),
                null,
                images,
                grids,
                List.of(),
                built.lastErrors(),
                built.error(),
                built.engineMillis(),
                null,
                null,
                null,
                List.of());
    }

    private static Job of(
            JobStatus status,
            Duration age,
            @Nullable GridSpec spec,
            List<StoredImage> images,
            List<StoredImage> grids) {
        var created = Instant.now().minus(age);
        boolean started = status != JobStatus.QUEUED && status != JobStatus.EXPIRED;
        var failure = new Failure(Failure.Code.PROVIDER_ERROR, "The vendor said no.", 418);
        boolean failed = status == JobStatus.FAILED;
        return new Job(
                JobId.create(created, RANDOM),
                status == JobStatus.QUEUED ? 1 : status == JobStatus.RUNNING ? 2 : 3,
                status,
                status.terminal() ? "done" : started ? "generating" : "accepted",
                created,
                started ? created.plusMillis(1500) : null,
                status.terminal() ? created.plusSeconds(3) : null,
                1,
                3,
                request(spec),
                status == JobStatus.RUNNING ? WORKER : null,
                images,
                grids,
                List.of(),
                failed ? List.of(new Job.AttemptFailure("generate", 1, created.plusSeconds(3), failure)) : List.of(),
                failed ? failure : null,
                status == JobStatus.SUCCEEDED ? 2345L : null,
                null,
                null,
                null,
                List.of());
    }

    private static GenerationRequest request(@Nullable GridSpec spec) {
        return new GenerationRequest(
                "a snowman",
                null,
                "pocket",
                "auto",
                "pocket",
                "default",
                1,
                new ImageSize(512, 512),
                25,
                2.5,
                7,
                spec,
                GenerationRequest.Metadata.MINIMAL,
                Map.of("campaign", "q4"),
                "order-77",
                GenerationRequest.Terms.NONE);
    }
}
