package io.atelier.gateway.view.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.JobsWithoutTimeInId;
import io.atelier.gateway.SampleWorkers;
import io.atelier.gateway.view.jobs.JobSummary;
import io.atelier.gateway.view.jobs.JobWatcher;
import io.atelier.gateway.view.workers.WorkerRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EtaErrorMetricsTests {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    private final WorkerRegistry workers = new WorkerRegistry(clock);
    private final Backlog backlog = new Backlog(() -> NOW);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final JobWatcher watcher = JobWatcher.all(
            List.of(backlog, new EtaErrorMetrics(new EtaEstimator(backlog, workers, clock), meters, clock)));

    @BeforeEach
    void jobsTakeFourSeconds() {
        workers.put(SampleWorkers.ready("w", "default", "pocket"), NOW);
        end(accept(NOW), Duration.ofSeconds(4));
    }

    @Test
    void endIsComparedWithTheEstimate() {
        end(accept(NOW), Duration.ofSeconds(7));
        assertThat(seconds("late")).isCloseTo(3, within(0.01));

        // The mean of both durations is expected now.
        end(accept(NOW), Duration.ofSeconds(1));
        assertThat(seconds("early")).isPositive();
        assertThat(meters.get("atelier.eta.actual").timer().totalTime(TimeUnit.SECONDS))
                .isCloseTo(8, within(0.01));
    }

    @Test
    void oneJobOfAPoolIsFollowedAtATime() {
        var first = accept(NOW);
        var second = accept(NOW.plusMillis(1));

        end(second, Duration.ofSeconds(40));
        assertThat(count()).isZero();
        end(first, Duration.ofSeconds(4));
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void jobWithoutAResultCountsForNothingAndMakesRoom() {
        var canceled = accept(NOW);
        watcher.changed(JobSummary.of(JobsWithoutTimeInId.at(NOW, JobStatus.CANCELED)));
        watcher.removed(canceled.id());
        assertThat(count()).isZero();

        end(accept(NOW), Duration.ofSeconds(4));
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void viewThatCatchesUpMeasuresNothing() {
        end(accept(NOW.minusSeconds(60)), Duration.ofSeconds(4));

        assertThat(count()).isZero();
    }

    private Job accept(Instant at) {
        var job = JobsWithoutTimeInId.at(at, JobStatus.QUEUED, "pocket", Map.of());
        watcher.changed(JobSummary.of(job));
        return job;
    }

    private void end(Job job, Duration took) {
        watcher.changed(JobSummary.of(JobsWithoutTimeInId.done(job, NOW, took)));
    }

    private double seconds(String end) {
        return meters.get("atelier.eta.error").tag("end", end).timer().totalTime(TimeUnit.SECONDS);
    }

    private long count() {
        return meters.get("atelier.eta.actual").timer().count();
    }
}
