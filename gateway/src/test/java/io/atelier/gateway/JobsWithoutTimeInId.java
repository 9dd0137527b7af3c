package io.atelier.gateway;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Jobs with a chosen time of creation, whose ids contain no time. */
public final class JobsWithoutTimeInId {

    private static final Random RANDOM = new Random(11);

    private JobsWithoutTimeInId() {}

    public static Job at(Instant created, JobStatus status) {
        return at(created, status, "pocket", Map.of());
    }

    public static Job at(Instant created, JobStatus status, String model, Map<String, String> labels) {
        var id = JobId.of(new UUID((RANDOM.nextLong() & ~0xF000L) | 0x8000L, RANDOM.nextLong()));
        boolean isStarted = status != JobStatus.QUEUED;
        return new JobBuilder(id, created, JobBuilder.request(model, model, null, labels, null))
                .state(1, status, isStarted ? "generating" : "accepted")
                .times(isStarted ? created.plusSeconds(1) : null, status.terminal() ? created.plusSeconds(3) : null)
                .job();
    }

    /** A job that waits for others of its batch. */
    public static Job held(Instant created, String model) {
        return JobBuilder.of(at(created, JobStatus.QUEUED, model, Map.of()))
                .state(1, JobStatus.QUEUED, "held")
                .job();
    }

    /** The same job, whose turn it is. */
    public static Job released(Job job) {
        return JobBuilder.of(job).state(2, JobStatus.QUEUED, "accepted").job();
    }

    /** The same job, succeeded after it ran for the given time. */
    public static Job done(Job job, Instant started, Duration took) {
        return JobBuilder.of(job)
                .state(1, JobStatus.SUCCEEDED, "generating")
                .times(started, started.plus(took))
                .job();
    }

    /** The same job, running since the given time. */
    public static Job running(Job job, Instant started) {
        return JobBuilder.of(job)
                .state(1, JobStatus.RUNNING, "generating")
                .times(started, null)
                .job();
    }

    public static Job erased(Job job) {
        return JobBuilder.of(job).erasure(new Job.Erasure(Instant.now(), false)).job();
    }
}
