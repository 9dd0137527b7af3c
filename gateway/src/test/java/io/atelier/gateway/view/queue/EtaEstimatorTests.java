package io.atelier.gateway.view.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.MadeJobs;
import io.atelier.gateway.SampleWorkers;
import io.atelier.gateway.view.jobs.JobSummary;
import io.atelier.gateway.view.workers.WorkerRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class EtaEstimatorTests {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    private final WorkerRegistry board = new WorkerRegistry(clock);
    private final Backlog backlog = new Backlog();
    private final EtaEstimator outlook = new EtaEstimator(backlog, board, clock);

    @Test
    void placeIsCountedFromOneByTheTimeOfMaking() {
        var second = queued(NOW.minusSeconds(5), "pocket");
        var first = queued(NOW.minusSeconds(9), "pocket");
        var third = queued(NOW.minusSeconds(5).plusMillis(1), "flux");

        assertThat(place(first).position()).isEqualTo(1);
        assertThat(place(first).ahead()).isZero();
        assertThat(place(second).position()).isEqualTo(2);
        assertThat(place(third).position()).isEqualTo(3);
        assertThat(place(third).ahead()).isEqualTo(2);
        assertThat(place(third).lane()).isEqualTo("standard");
    }

    @Test
    void jobThatRunsOrEndedHasNoPlaceAndLetsOthersMoveUp() {
        var first = queued(NOW.minusSeconds(9), "pocket");
        var second = queued(NOW.minusSeconds(5), "pocket");
        var third = queued(NOW.minusSeconds(1), "pocket");

        var running = MadeJobs.running(first, NOW);
        backlog.changed(JobSummary.of(running));
        assertThat(outlook.of(running)).isEmpty();
        assertThat(place(third).position()).isEqualTo(2);

        backlog.gone(second.id());
        assertThat(place(third).position()).isEqualTo(1);
        backlog.changed(JobSummary.of(MadeJobs.done(running, NOW, Duration.ofSeconds(4))));
        assertThat(backlog.depths()).hasSize(1);
    }

    @Test
    void nothingIsForetoldWithoutAWorkerOrAPace() {
        var job = queued(NOW, "pocket");
        assertThat(place(job).etaSeconds()).isNull();

        board.hear(SampleWorkers.there("w", "default", "pocket"), NOW);
        assertThat(place(job).etaSeconds()).isNull();

        observe("pocket", 4);
        assertThat(place(job).etaSeconds()).isEqualTo(4);
        assertThat(place(job).etaConfidence()).isEqualTo("low");

        board.hear(SampleWorkers.gone("w", "default", "pocket"), NOW);
        assertThat(place(job).etaSeconds()).isNull();
        assertThat(place(job).etaConfidence()).isNull();
        assertThat(place(job).position()).isEqualTo(1);
    }

    @Test
    void nothingIsForetoldWhileSomebodyAheadTakesAnUnknownTime() {
        board.hear(SampleWorkers.there("w", "default", "pocket", "flux"), NOW);
        observe("pocket", 4);
        queued(NOW.minusSeconds(3), "flux");
        queued(NOW.minusSeconds(3), "flux");
        var job = queued(NOW, "pocket");

        assertThat(place(job).etaSeconds()).isNull();

        observe("flux", 10);
        // Two slots share 20 s of work, and then the job itself takes 4 s.
        assertThat(place(job).etaSeconds()).isEqualTo(14);
    }

    @Test
    void workUnderWayCountsAsFarAsItIsLeft() {
        board.hear(SampleWorkers.there("w", "default", "pocket"), NOW);
        observe("pocket", 10);
        running(NOW.minusSeconds(8));
        running(NOW.minusSeconds(60));
        var next = queued(NOW, "pocket");

        // 2 s and 0 s are left for two slots, then the job itself.
        assertThat(place(next).etaSeconds()).isEqualTo(11);
        assertThat(outlook.seconds(next)).hasValue(11);
    }

    @Test
    void freeSlotBeginsAtOnce() {
        board.hear(SampleWorkers.there("w", "default", "pocket"), NOW);
        observe("pocket", 10);
        running(NOW);

        assertThat(place(queued(NOW, "pocket")).etaSeconds()).isEqualTo(10);
    }

    @Test
    void runningJobIsForetoldUntilItTakesLongerThanUsual() {
        observe("pocket", 10);

        assertThat(outlook.seconds(running(NOW.minusSeconds(7)))).hasValue(3);
        assertThat(outlook.seconds(running(NOW.plusSeconds(7)))).hasValue(10);
        assertThat(outlook.seconds(running(NOW.minusSeconds(11)))).isEmpty();
        assertThat(outlook.seconds(MadeJobs.at(NOW, JobStatus.SUCCEEDED))).isEmpty();
    }

    @Test
    void steadyTimesAreTrustedAndWildOnesAreNot() {
        board.hear(SampleWorkers.there("w", "default", "pocket", "flux"), NOW);
        for (int i = 0; i < 12; i++) {
            observe("pocket", 10);
            observe("flux", i % 2 == 0 ? 1 : 30);
        }

        assertThat(place(queued(NOW, "pocket")).etaConfidence()).isEqualTo("high");
        assertThat(place(queued(NOW, "flux")).etaConfidence()).isEqualTo("low");
    }

    @Test
    void paceFollowsWhatJobsTookLately() {
        board.hear(SampleWorkers.there("w", "default", "pocket"), NOW);
        for (int i = 0; i < 10; i++) {
            observe("pocket", 100);
        }
        for (int i = 0; i < 20; i++) {
            observe("pocket", 10);
        }

        assertThat(place(queued(NOW, "pocket")).etaSeconds()).isBetween(10L, 12L);
    }

    @Test
    void jobThatIsShownAgainAfterItsEndIsCountedOnce() {
        var done = MadeJobs.done(MadeJobs.at(NOW, JobStatus.QUEUED), NOW, Duration.ofSeconds(9));
        backlog.changed(JobSummary.of(done));
        backlog.changed(JobSummary.of(done));
        backlog.changed(JobSummary.of(MadeJobs.erased(done)));

        assertThat(backlog.expected("pocket").map(DurationStats.Expected::seen)).contains(1);
    }

    @Test
    void longLineIsAskedQuickly() {
        board.hear(SampleWorkers.there("w", "default", "pocket"), NOW);
        observe("pocket", 1);
        var jobs = new ArrayList<JobSummary>();
        Job last = MadeJobs.at(NOW, JobStatus.QUEUED);
        for (int i = 0; i < 100_000; i++) {
            last = MadeJobs.at(NOW.plusMillis(i), JobStatus.QUEUED, "pocket", Map.of());
            jobs.add(JobSummary.of(last));
        }
        backlog.start(jobs);

        long begun = System.nanoTime();
        for (int i = 0; i < 1_000; i++) {
            assertThat(place(last).position()).isEqualTo(100_000);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
        assertThat(place(last).etaSeconds()).isEqualTo(50_001);
    }

    @Test
    void startForgetsWhatWasKnownBefore() {
        queued(NOW, "pocket");
        running(NOW);

        backlog.start(List.of());

        assertThat(backlog.depths()).isEmpty();
    }

    private Job queued(Instant made, String model) {
        var job = MadeJobs.at(made, JobStatus.QUEUED, model, Map.of());
        backlog.changed(JobSummary.of(job));
        return job;
    }

    private Job running(Instant since) {
        var job = MadeJobs.running(MadeJobs.at(since, JobStatus.QUEUED), since);
        backlog.changed(JobSummary.of(job));
        return job;
    }

    private void observe(String model, int seconds) {
        var job = queued(NOW, model);
        backlog.changed(JobSummary.of(MadeJobs.done(job, NOW, Duration.ofSeconds(seconds))));
    }

    private QueuePosition place(Job job) {
        return Objects.requireNonNull(outlook.of(job).orElse(null));
    }
}
