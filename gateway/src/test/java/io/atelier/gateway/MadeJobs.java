package io.atelier.gateway;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Jobs of a chosen moment, whose ids say nothing of it. */
public final class MadeJobs {

    private static final Random RANDOM = new Random(11);

    private MadeJobs() {}

    public static Job at(Instant created, JobStatus status) {
        return at(created, status, "pocket", Map.of());
    }

    public static Job at(Instant created, JobStatus status, String model, Map<String, String> labels) {
        var id = JobId.of(new UUID((RANDOM.nextLong() & ~0xF000L) | 0x8000L, RANDOM.nextLong()));
        boolean begun = status != JobStatus.QUEUED;
        return job(
                id,
                created,
                status,
                begun ? created.plusSeconds(1) : null,
                status.terminal() ? created.plusSeconds(3) : null,
                request(model, labels),
                null);
    }

    /** The same job, done after the given time. */
    public static Job done(Job job, Instant started, Duration took) {
        return job(
                job.id(),
                job.createdAt(),
                JobStatus.SUCCEEDED,
                started,
                started.plus(took),
                job.request(),
                job.erasure());
    }

    /** The same job, begun at the given moment. */
    public static Job running(Job job, Instant started) {
        return job(job.id(), job.createdAt(), JobStatus.RUNNING, started, null, job.request(), null);
    }

    public static Job erased(Job job) {
        return job(
                job.id(),
                job.createdAt(),
                job.status(),
                job.startedAt(),
                job.completedAt(),
                job.request(),
                new Job.Erasure(Instant.now(), false));
    }

    private static Job job(
            JobId id,
            Instant created,
            JobStatus status,
            @Nullable Instant started,
            @Nullable Instant completed,
            GenerationRequest request,
            Job.@Nullable Erasure erasure) {
        return new Job(
                id,
                1,
                status,
                status == JobStatus.QUEUED ? "accepted" : "generating",
                created,
                started,
                completed,
                1,
                3,
                request,
                null,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null,
                null,
                null,
                null,
                erasure,
                List.of());
    }

    private static GenerationRequest request(String model, Map<String, String> labels) {
        return new GenerationRequest(
                "a snowman",
                null,
                model,
                model,
                model,
                "default",
                1,
                new ImageSize(512, 512),
                25,
                2.5,
                7,
                null,
                GenerationRequest.Metadata.MINIMAL,
                labels,
                null,
                GenerationRequest.Terms.NONE);
    }
}
