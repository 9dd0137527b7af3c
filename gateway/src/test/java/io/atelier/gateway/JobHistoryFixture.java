package io.atelier.gateway;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** The states of one job from accepted to erased: its first attempt fails, the second one succeeds. Each version has its history. */
public final class JobHistoryFixture {

    /** The version with the final status. */
    public static final int END = 5;

    private static final AtomicLong SEED = new AtomicLong(1);
    private static final List<String> TYPES =
            List.of("accepted", "started", "retry-scheduled", "started", "succeeded", "erased");
    private static final List<JobStatus> STATUSES = List.of(
            JobStatus.QUEUED,
            JobStatus.RUNNING,
            JobStatus.QUEUED,
            JobStatus.RUNNING,
            JobStatus.SUCCEEDED,
            JobStatus.SUCCEEDED);
    private static final List<String> STAGES =
            List.of("accepted", "generating", "retrying", "generating", "done", "erased");

    private final Instant created = Instant.now().minusSeconds(60).truncatedTo(ChronoUnit.MILLIS);
    private final JobId id = JobId.create(created, new Random(SEED.incrementAndGet()));

    public JobId id() {
        return id;
    }

    /** The job at a version from 1; the version after {@link #END} is erased. */
    public Job at(int version) {
        var status = STATUSES.get(version - 1);
        return new JobBuilder(id, created, JobBuilder.request("pocket", "auto", null, Map.of(), null))
                .state(version, status, STAGES.get(version - 1))
                .times(version > 1 ? created.plusSeconds(1) : null, status.terminal() ? created.plusSeconds(END) : null)
                .attempt(attempt(version))
                .worker(status == JobStatus.RUNNING ? JobBuilder.WORKER : null)
                .erasure(version > END ? new Job.Erasure(created.plus(Duration.ofSeconds(version)), false) : null)
                .history(IntStream.rangeClosed(1, version).mapToObj(this::step).toList())
                .job();
    }

    private Job.Step step(int version) {
        return new Job.Step(
                version,
                "io.atelier.generation." + TYPES.get(version - 1) + ".v1",
                STATUSES.get(version - 1),
                STAGES.get(version - 1),
                created.plusSeconds(version),
                attempt(version));
    }

    private static int attempt(int version) {
        return version < 3 ? 1 : 2;
    }
}
