package io.atelier.gateway.view.queue;

import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.view.jobs.JobSummary;
import io.atelier.gateway.view.jobs.JobWatcher;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures how wrong the estimates were: of each pool it follows one job at a time, from its acceptance to its end, and compares the end that was
 * expected with the real one. Jobs that end without images count for nothing. Thread-safe.
 */
public final class EtaErrorMetrics implements JobWatcher {

    /** A job that is older was not accepted now: the view catches up with its topic. */
    private static final Duration MAX_AGE = Duration.ofSeconds(5);

    private final EtaEstimator estimator;
    private final Clock clock;
    private final Timer early;
    private final Timer late;
    private final Timer actual;
    private final Map<JobId, Sample> samples = new HashMap<>();

    public EtaErrorMetrics(EtaEstimator estimator, MeterRegistry meters, Clock clock) {
        this.estimator = estimator;
        this.clock = clock;
        this.early = error(meters, "early");
        this.late = error(meters, "late");
        this.actual = Timer.builder("atelier.eta.actual")
                .description("Time from the estimate to the end of the jobs that atelier.eta.error compares")
                .register(meters);
    }

    private static Timer error(MeterRegistry meters, String end) {
        return Timer.builder("atelier.eta.error")
                .description("Difference between the estimated and the real end of a sample of jobs")
                .tag("end", end)
                .register(meters);
    }

    @Override
    public synchronized void start(List<JobSummary> open) {
        samples.clear();
    }

    @Override
    public synchronized void changed(JobSummary job) {
        if (job.status() == JobStatus.QUEUED) {
            sample(job);
        } else if (!job.isOpen()) {
            var sample = samples.remove(job.id());
            if (sample != null && job.status() == JobStatus.SUCCEEDED && job.completedAt() != null) {
                compare(sample, job.completedAt());
            }
        }
    }

    @Override
    public synchronized void removed(JobId job) {
        samples.remove(job);
    }

    private void sample(JobSummary job) {
        var now = clock.instant();
        var pool = job.request().pool();
        if (job.createdAt().plus(MAX_AGE).isAfter(now)
                && samples.values().stream().noneMatch(sample -> sample.pool().equals(pool))) {
            estimator
                    .endOf(job)
                    .map(estimate -> now.plusMillis((long) (estimate.seconds() * 1_000)))
                    .ifPresent(expected -> samples.put(job.id(), new Sample(pool, now, expected)));
        }
    }

    private void compare(Sample sample, Instant end) {
        if (end.isAfter(sample.at())) {
            actual.record(Duration.between(sample.at(), end));
            var error = Duration.between(sample.expected(), end);
            (error.isNegative() ? early : late).record(error.abs());
        }
    }

    /**
     * A job that is followed.
     *
     * @param at when its end was estimated
     * @param expected its estimated end
     */
    private record Sample(String pool, Instant at, Instant expected) {}
}
