package io.atelier.gateway;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Jobs in each status, as the view shows them. */
public final class SampleJobs {

    private static final Random RANDOM = new Random(7);
    private static final Duration AGE = Duration.ofMinutes(2);

    private SampleJobs() {}

    public static Job in(JobStatus status) {
        var created = Instant.now().minus(AGE);
        boolean started = status != JobStatus.QUEUED && status != JobStatus.EXPIRED;
        int version = status == JobStatus.QUEUED ? 1 : status == JobStatus.RUNNING ? 2 : 3;
        var builder = new JobBuilder(JobId.create(created, RANDOM), created, request(null))
                .state(version, status, status.terminal() ? "done" : started ? "generating" : "accepted")
                .times(started ? created.plusMillis(1500) : null, status.terminal() ? created.plusSeconds(3) : null);
        return switch (status) {
            case RUNNING -> builder.worker(JobBuilder.WORKER).job();
            case SUCCEEDED -> builder.engineMillis(2345).job();
            case FAILED ->
                builder.error(new Failure(Failure.Code.PROVIDER_ERROR, "The provider refused the request.", 418))
                        .job();
            default -> builder.job();
        };
    }

    /** A job that succeeded with images of these bytes, with the store keys of {@link #key}. */
    public static Job succeeded(byte[]... contents) {
        var job = in(JobStatus.SUCCEEDED);
        var images = new ArrayList<StoredImage>();
        for (var content : contents) {
            images.add(image(job.id(), images.size(), images.size(), StoredImage.Kind.IMAGE, content));
        }
        return JobBuilder.of(job).images(images, List.of()).job();
    }

    /** A job that succeeded with a JPEG of these bytes, at the key of a JPEG. */
    public static Job succeededAsJpeg(byte[] content) {
        var job = in(JobStatus.SUCCEEDED);
        var image = new StoredImage(
                0,
                StoredImage.Kind.IMAGE,
                JobFolder.jpeg(key(job.id(), 0)),
                sha256(content),
                content.length,
                "image/jpeg",
                512,
                512,
                7L,
                null);
        return JobBuilder.of(job).images(List.of(image), List.of()).job();
    }

    /** What remains of a job after it was erased by request. */
    public static Job erasedFrom(Job job) {
        return JobBuilder.of(job)
                .state(job.version() + 1, job.status(), "erased")
                .images(List.of(), List.of())
                .erasure(new Job.Erasure(Instant.now(), false))
                .job();
    }

    /** The same job with another id, and its images with the store keys of that id. */
    static Job as(JobId id, Job job) {
        var images = job.images().stream()
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
                .toList();
        return JobBuilder.of(job).id(id).images(images, job.grids()).job();
    }

    /** The same job one version before it succeeded. */
    static Job stillRunning(Job succeeded) {
        return new JobBuilder(succeeded.id(), succeeded.createdAt(), succeeded.request())
                .state(succeeded.version() - 1, JobStatus.RUNNING, "generating")
                .times(succeeded.startedAt(), null)
                .worker(JobBuilder.WORKER)
                .job();
    }

    /** What remains of a job that was erased, by a client or because its retention ended. */
    public static Job erased(boolean retentionEnded) {
        var job = in(JobStatus.SUCCEEDED);
        return new JobBuilder(job.id(), job.createdAt(), job.request().redacted())
                .state(job.version() + 1, job.status(), "erased")
                .times(job.startedAt(), job.completedAt())
                .erasure(new Job.Erasure(Instant.now(), retentionEnded))
                .job();
    }

    /** A job whose grid was cut into one tile. */
    public static Job cut(byte[] grid, byte[] tile) {
        var job = in(JobStatus.SUCCEEDED);
        return JobBuilder.of(job)
                .request(request(new GridSpec(1, 1, false, 0, 0, 64)))
                .images(
                        List.of(image(job.id(), 0, 1, StoredImage.Kind.TILE, tile)),
                        List.of(image(job.id(), 0, 0, StoredImage.Kind.GRID, grid)))
                .job();
    }

    /** A job whose 2 x 2 grid was cut, without the tiles 0 and 2, which were too small. */
    static Job cutWithGaps(byte[] grid, byte[] tile1, byte[] tile3) {
        var job = in(JobStatus.SUCCEEDED);
        return JobBuilder.of(job)
                .request(request(new GridSpec(2, 2, false, 0, 0, 64)))
                .images(
                        List.of(
                                image(job.id(), 1, 1, StoredImage.Kind.TILE, tile1),
                                image(job.id(), 3, 3, StoredImage.Kind.TILE, tile3)),
                        List.of(image(job.id(), 0, 0, StoredImage.Kind.GRID, grid)))
                .job();
    }

    public static String key(JobId job, int index) {
        return JobFolder.image(job, "generate", 1, index);
    }

    /** A time as responses show it. */
    static String time(@Nullable Instant at) {
        return new DateTimeFormatterBuilder()
                .appendInstant(3)
                .toFormatter(Locale.ROOT)
                .format(Objects.requireNonNull(at));
    }

    static String sha256(byte[] bytes) {
        return Sha256.of(bytes).hex();
    }

    private static StoredImage image(JobId job, int index, int key, StoredImage.Kind kind, byte[] bytes) {
        return new StoredImage(
                index, kind, key(job, key), sha256(bytes), bytes.length, "image/png", 512, 512, 7L + key, null);
    }

    private static GenerationRequest request(@Nullable GridSpec grid) {
        return JobBuilder.request("pocket", "auto", grid, Map.of("campaign", "q4"), "order-77");
    }
}
