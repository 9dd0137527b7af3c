package io.atelier.gateway.view.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.JobsWithoutTimeInId;
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
    private final WorkerRegistry registry = new WorkerRegistry(clock);
    private Instant now = NOW;
    private final Backlog backlog = new Backlog(() -> now);
    private final EtaEstimator estimator = new EtaEstimator(backlog, registry, clock);

    @Test
    void positionIsCountedFromOneInTheOrderOfCreation() {
        var second = queued(NOW.minusSeconds(5), "pocket");
        var first = queued(NOW.minusSeconds(9), "pocket");
        var third = queued(NOW.minusSeconds(5).plusMillis(1), "flux");

        assertThat(position(first).position()).isEqualTo(1);
        assertThat(position(first).ahead()).isZero();
        assertThat(position(second).position()).isEqualTo(2);
        assertThat(position(third).position()).isEqualTo(3);
        assertThat(position(third).ahead()).isEqualTo(2);
        assertThat(position(third).lane()).isEqualTo("standard");
    }

    @Test
    void jobThatRunsOrHasEndedHasNoPositionAndOthersMoveUp() {
        var first = queued(NOW.minusSeconds(9), "pocket");
        var second = queued(NOW.minusSeconds(5), "pocket");
        var third = queued(NOW.minusSeconds(1), "pocket");

        var running = JobsWithoutTimeInId.running(first, NOW);
        backlog.changed(JobSummary.of(running));
        assertThat(estimator.position(running)).isEmpty();
        assertThat(position(third).position()).isEqualTo(2);

        backlog.removed(second.id());
        assertThat(position(third).position()).isEqualTo(1);
        backlog.changed(JobSummary.of(JobsWithoutTimeInId.done(running, NOW, Duration.ofSeconds(4))));
        assertThat(backlog.depths()).hasSize(1);
    }

    @Test
    void noEtaWithoutAWorkerOrAKnownDuration() {
        var job = queued(NOW, "pocket");
        assertThat(position(job).etaSeconds()).isNull();

        registry.put(SampleWorkers.ready("w", "default", "pocket"), NOW);
        assertThat(position(job).etaSeconds()).isNull();

        observe("pocket", 4);
        assertThat(position(job).etaSeconds()).isEqualTo(4);
        assertThat(position(job).etaConfidence()).isEqualTo("low");

        registry.put(SampleWorkers.leaving("w", "default", "pocket"), NOW);
        assertThat(position(job).etaSeconds()).isNull();
        assertThat(position(job).etaConfidence()).isNull();
        assertThat(position(job).position()).isEqualTo(1);
    }

    @Test
    void durationsOfAvatarsDoNotCount() {
        registry.put(SampleWorkers.ready("w", "default", "pocket"), NOW);
        observe("pocket", 4);
        var job = queued(NOW, "pocket");
        var avatar = JobsWithoutTimeInId.at(NOW.minusSeconds(99), JobStatus.QUEUED, "pocket", Map.of());
        var request = avatar.request()
                .withAvatar(AvatarSpec.builder(List.of(AvatarStep.BASE), 1).build());
        var done = JobsWithoutTimeInId.done(avatar, NOW, Duration.ofSeconds(99));
        var summary = JobSummary.of(done);

        backlog.changed(new JobSummary(
                summary.id(),
                summary.status(),
                summary.stage(),
                summary.createdAt(),
                summary.startedAt(),
                summary.completedAt(),
                JobSummary.Request.of(request),
                null));

        assertThat(position(job).etaSeconds()).isEqualTo(4);
    }

    @Test
    void noEtaWhileAJobAheadHasAnUnknownDuration() {
        registry.put(SampleWorkers.ready("w", "default", "pocket", "flux"), NOW);
        observe("pocket", 4);
        queued(NOW.minusSeconds(3), "flux");
        queued(NOW.minusSeconds(3), "flux");
        var job = queued(NOW, "pocket");

        assertThat(position(job).etaSeconds()).isNull();

        observe("flux", 10);
        // Two slots share 20 s of work, and then the job itself takes 4 s.
        assertThat(position(job).etaSeconds()).isEqualTo(14);
    }

    @Test
    void runningJobsCountWithTheirRemainingTime() {
        registry.put(SampleWorkers.ready("w", "default", "pocket"), NOW);
        observe("pocket", 10);
        running(NOW.minusSeconds(8));
        running(NOW.minusSeconds(60));
        var next = queued(NOW, "pocket");

        // 2 s and 0 s are left for two slots, then the job itself.
        assertThat(position(next).etaSeconds()).isEqualTo(11);
        assertThat(estimator.secondsLeft(next)).hasValue(11);
    }

    @Test
    void freeSlotStartsAtOnce() {
        registry.put(SampleWorkers.ready("w", "default", "pocket"), NOW);
        observe("pocket", 10);
        running(NOW);

        assertThat(position(queued(NOW, "pocket")).etaSeconds()).isEqualTo(10);
    }

    @Test
    void runningJobHasAnEtaUntilItTakesLongerThanExpected() {
        observe("pocket", 10);

        assertThat(estimator.secondsLeft(running(NOW.minusSeconds(7)))).hasValue(3);
        assertThat(estimator.secondsLeft(running(NOW.plusSeconds(7)))).hasValue(10);
        assertThat(estimator.secondsLeft(running(NOW.minusSeconds(11)))).isEmpty();
        assertThat(estimator.secondsLeft(JobsWithoutTimeInId.at(NOW, JobStatus.SUCCEEDED)))
                .isEmpty();
    }

    @Test
    void steadyDurationsGiveHighConfidenceAndUnsteadyOnesLow() {
        registry.put(SampleWorkers.ready("w", "default", "pocket", "flux"), NOW);
        for (int i = 0; i < 12; i++) {
            observe("pocket", 10);
            observe("flux", i % 2 == 0 ? 1 : 30);
        }

        assertThat(position(queued(NOW, "pocket")).etaConfidence()).isEqualTo("high");
        assertThat(position(queued(NOW, "flux")).etaConfidence()).isEqualTo("low");
    }

    @Test
    void etaFollowsRecentDurations() {
        registry.put(SampleWorkers.ready("w", "default", "pocket"), NOW);
        for (int i = 0; i < 10; i++) {
            observe("pocket", 100);
        }
        for (int i = 0; i < 20; i++) {
            observe("pocket", 10);
        }

        assertThat(position(queued(NOW, "pocket")).etaSeconds()).isBetween(10L, 12L);
    }

    @Test
    void queueThatIsDrainedMoreSlowlyThanDurationsSayHasALaterEta() {
        registry.put(SampleWorkers.ready("w", "default", "pocket"), NOW);
        for (int i = 0; i < 12; i++) {
            observe("pocket", 1);
        }
        var waiting = new ArrayList<Job>();
        for (int i = 0; i < 130; i++) {
            waiting.add(queued(NOW.plusMillis(i), "pocket"));
        }
        var last = waiting.get(129);
        assertThat(position(last).etaSeconds()).isEqualTo(66);

        // Two slots should take two jobs a second, and take one in three seconds.
        for (int i = 0; i < 30; i++) {
            now = now.plusSeconds(3);
            var taken = JobsWithoutTimeInId.running(waiting.get(i), now);
            backlog.changed(JobSummary.of(taken));
            backlog.changed(JobSummary.of(JobsWithoutTimeInId.done(taken, now, Duration.ofSeconds(1))));
        }

        assertThat(position(last).ahead()).isEqualTo(99);
        assertThat(position(last).etaSeconds()).isBetween(250L, 305L);
        assertThat(position(last).etaConfidence()).isEqualTo("medium");

        now = now.plusSeconds(600);
        assertThat(position(last).etaSeconds())
                .as("after ten minutes without a start")
                .isGreaterThan(3_000);
    }

    @Test
    void timeInWhichTheQueueWasEmptyDoesNotCount() {
        registry.put(SampleWorkers.ready("w", "default", "pocket"), NOW);
        for (int i = 0; i < 30; i++) {
            now = now.plusSeconds(60);
            observe("pocket", 1);
        }
        for (int i = 0; i < 20; i++) {
            queued(NOW.plusMillis(i), "pocket");
        }

        assertThat(position(queued(NOW.plusSeconds(1), "pocket")).etaSeconds()).isEqualTo(11);
    }

    @Test
    void etaInALongQueueOfWhichNothingWasDrainedYetIsUnsure() {
        registry.put(SampleWorkers.ready("w", "default", "pocket"), NOW);
        for (int i = 0; i < 100; i++) {
            queued(NOW.plusMillis(i), "pocket");
        }
        var last = queued(NOW.plusSeconds(1), "pocket");
        backlog.start(List.of(JobSummary.of(last)));
        for (int i = 0; i < 100; i++) {
            queued(NOW.plusMillis(i), "pocket");
        }
        for (int i = 0; i < 9; i++) {
            observe("pocket", 1);
        }

        assertThat(position(last).etaConfidence()).isEqualTo("low");
    }

    @Test
    void canceledJobsAreNotDrained() {
        registry.put(SampleWorkers.ready("w", "default", "pocket"), NOW);
        observe("pocket", 1);
        for (int i = 0; i < 50; i++) {
            var job = queued(NOW.plusMillis(i), "pocket");
            now = now.plusSeconds(10);
            var summary = JobSummary.of(job);
            backlog.changed(new JobSummary(
                    job.id(), JobStatus.CANCELED, "canceled", job.createdAt(), null, now, summary.request(), null));
        }

        assertThat(backlog.drainInterval("default")).isEmpty();
    }

    @Test
    void jobThatIsReportedAgainAfterItsEndIsCountedOnce() {
        var done = JobsWithoutTimeInId.done(JobsWithoutTimeInId.at(NOW, JobStatus.QUEUED), NOW, Duration.ofSeconds(9));
        backlog.changed(JobSummary.of(done));
        backlog.changed(JobSummary.of(done));
        backlog.changed(JobSummary.of(JobsWithoutTimeInId.erased(done)));

        assertThat(backlog.expected("pocket").map(DurationStats.Expected::seen)).contains(1);
    }

    @Test
    void positionInALongQueueIsFoundQuickly() {
        registry.put(SampleWorkers.ready("w", "default", "pocket"), NOW);
        observe("pocket", 1);
        var jobs = new ArrayList<JobSummary>();
        Job last = JobsWithoutTimeInId.at(NOW, JobStatus.QUEUED);
        for (int i = 0; i < 100_000; i++) {
            last = JobsWithoutTimeInId.at(NOW.plusMillis(i), JobStatus.QUEUED, "pocket", Map.of());
            jobs.add(JobSummary.of(last));
        }
        backlog.start(jobs);

        long start = System.nanoTime();
        for (int i = 0; i < 1_000; i++) {
            assertThat(position(last).position()).isEqualTo(100_000);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        assertThat(position(last).etaSeconds()).isEqualTo(50_001);
    }

    @Test
    void startReplacesEverythingKnownBefore() {
        queued(NOW, "pocket");
        running(NOW);

        backlog.start(List.of());

        assertThat(backlog.depths()).isEmpty();
    }

    @Test
    void heldJobsAreInNoQueueUntilTheyAreReleased() {
        var held = JobsWithoutTimeInId.held(NOW.minusSeconds(9), "pocket");
        backlog.changed(JobSummary.of(held));
        var job = queued(NOW, "pocket");

        assertThat(position(job).position()).isEqualTo(1);
        assertThat(position(held).position()).isNull();
        assertThat(backlog.open()).containsOnlyKeys(held.id(), job.id());
        assertThat(backlog.depths().values()).containsExactly(new Backlog.Depth(1, 0, NOW));

        backlog.changed(JobSummary.of(JobsWithoutTimeInId.released(held)));
        assertThat(position(job).position()).isEqualTo(2);
        backlog.removed(held.id());
        backlog.changed(JobSummary.of(held));
        backlog.removed(held.id());
        assertThat(backlog.open()).containsOnlyKeys(job.id());
    }

    private Job queued(Instant createdAt, String model) {
        var job = JobsWithoutTimeInId.at(createdAt, JobStatus.QUEUED, model, Map.of());
        backlog.changed(JobSummary.of(job));
        return job;
    }

    private Job running(Instant since) {
        var job = JobsWithoutTimeInId.running(JobsWithoutTimeInId.at(since, JobStatus.QUEUED), since);
        backlog.changed(JobSummary.of(job));
        return job;
    }

    private void observe(String model, int seconds) {
        var job = queued(NOW, model);
        backlog.changed(JobSummary.of(JobsWithoutTimeInId.done(job, NOW, Duration.ofSeconds(seconds))));
    }

    private QueuePosition position(Job job) {
        return Objects.requireNonNull(estimator.position(job).orElse(null));
    }
}
