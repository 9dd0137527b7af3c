package io.atelier.gateway.lifecycle;

import static io.atelier.gateway.lifecycle.JobEventFixtures.failed;
import static io.atelier.gateway.lifecycle.JobEventFixtures.gridRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.requested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.started;
import static io.atelier.gateway.lifecycle.JobEventFixtures.succeeded;
import static io.atelier.gateway.lifecycle.PublishedTasks.generations;
import static io.atelier.gateway.lifecycle.PublishedTasks.splits;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.GenerationRequest.Terms;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.lifecycle.JobState.Existing;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobStateTests {

    @Test
    void aRequestCreatesAQueuedJobOfVersionOne() {
        var job = jobAfter(requested());

        assertThat(job.status()).isEqualTo(JobStatus.QUEUED);
        assertThat(job.stage()).isEqualTo("accepted");
        assertThat(job.version()).isEqualTo(1);
        assertThat(job.attempt()).isEqualTo(1);
    }

    @Test
    void aSucceededJobHasItsImages() {
        var job = jobAfter(requested(), started("generate", 1), succeeded("generate", 1));

        assertThat(job.status()).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(job.images()).containsExactly(JobEventFixtures.image("generate", 1, 0));
        assertThat(job.version()).isEqualTo(3);
        assertThat(job.engineMillis()).isEqualTo(40);
        assertThat(job.completedAt()).isEqualTo(JobEventFixtures.NOON.plusMillis(100));
    }

    @Test
    void aWorkerWhoseClockIsBehindDoesNotMoveTheJobBackInTime() {
        var hour = Duration.ofHours(1);
        var behind = JobEventFixtures.NOON.minus(hour.multipliedBy(2));

        var job = jobAfter(
                JobEventFixtures.requested(new Terms(null, null, hour, null, null)),
                failed("generate", 1, behind, Code.ENGINE_ERROR),
                started("generate", 2, behind.plusSeconds(2)),
                succeeded("generate", 2, behind.plusSeconds(3)));

        assertThat(job.status()).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(job.startedAt()).isEqualTo(JobEventFixtures.NOON);
        assertThat(job.completedAt()).isEqualTo(JobEventFixtures.NOON);
        assertThat(job.expiresAt()).isEqualTo(JobEventFixtures.NOON.plus(hour));
        assertThat(job.lastErrors()).extracting(Job.AttemptFailure::at).containsExactly(JobEventFixtures.NOON);
    }

    @Test
    void aTransientFailureRequestsTheNextAttemptAfterABackOff() {
        var state = after(requested(), started("generate", 1), failed("generate", 1, Code.ENGINE_UNAVAILABLE));

        var announcement = Announcement.of(List.of((Existing) state));
        assertThat(announcement.job().status()).isEqualTo(JobStatus.QUEUED);
        assertThat(announcement.event()).isInstanceOf(GenerationEvent.RetryScheduled.class);
        assertThat(generations(announcement)).singleElement().satisfies(task -> {
            assertThat(task.attempt()).isEqualTo(2);
            assertThat(task.notBefore())
                    .isEqualTo(JobEventFixtures.NOON.plusMillis(50).plus(Duration.ofSeconds(1)));
        });
    }

    @Test
    void theFailureOfTheLastAttemptFailsTheJobWithAllReasons() {
        var job = jobAfter(
                requested(),
                failed("generate", 1, Code.ENGINE_TIMEOUT),
                failed("generate", 2, Code.ENGINE_UNAVAILABLE),
                failed("generate", 3, Code.ENGINE_ERROR));

        assertThat(job.status()).isEqualTo(JobStatus.FAILED);
        assertThat(job.error())
                .isNotNull()
                .satisfies(error -> assertThat(error.code()).isEqualTo(Code.ENGINE_ERROR));
        assertThat(job.lastErrors()).extracting(Job.AttemptFailure::attempt).containsExactly(1, 2, 3);
    }

    @Test
    void aPermanentFailureFailsTheJobAtOnce() {
        var job = jobAfter(requested(), started("generate", 1), failed("generate", 1, Code.REQUEST_REJECTED));

        assertThat(job.status()).isEqualTo(JobStatus.FAILED);
        assertThat(job.attempt()).isEqualTo(1);
    }

    @Test
    void aReportOfAnEarlierAttemptChangesNothing() {
        var running = after(requested(), started("generate", 1), started("generate", 2));

        assertThat(running.after(failed("generate", 1, Code.REQUEST_REJECTED))).isSameAs(running);
        assertThat(running.after(succeeded("generate", 1))).isSameAs(running);
        assertThat(running.after(started("generate", 1))).isSameAs(running);
    }

    @Test
    void aRedeliveredTaskShowsItsNextAttempt() {
        var job = jobAfter(requested(), started("generate", 1), started("generate", 2));

        assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
        assertThat(job.attempt()).isEqualTo(2);
        assertThat(job.version()).isEqualTo(3);
    }

    @Test
    void theFirstTerminalStateStays() {
        var done = after(requested(), succeeded("generate", 1));

        assertThat(done.after(failed("generate", 2, Code.POISONED))).isSameAs(done);
        assertThat(done.after(started("generate", 2))).isSameAs(done);
        assertThat(done.after(requested())).isSameAs(done);
    }

    @Test
    void aGeneratedGridIsSplitNext() {
        var state = after(gridRequested(), started("generate", 1), succeeded("generate", 1));

        var announcement = Announcement.of(List.of((Existing) state));
        assertThat(announcement.job().status()).isEqualTo(JobStatus.RUNNING);
        assertThat(announcement.job().stage()).isEqualTo("splitting");
        assertThat(announcement.job().images()).isEmpty();
        assertThat(splits(announcement)).singleElement().satisfies(task -> {
            assertThat(task.grids()).containsExactly(JobEventFixtures.image("generate", 1, 0));
            assertThat(task.attempt()).isEqualTo(1);
        });
    }

    @Test
    void aSplitGridDeliversTilesAndKeepsTheGrid() {
        var job = jobAfter(gridRequested(), succeeded("generate", 1), started("split", 1), succeeded("split", 1));

        assertThat(job.images()).containsExactly(JobEventFixtures.image("split", 1, 0));
        assertThat(job.grids()).containsExactly(JobEventFixtures.image("generate", 1, 0));
    }

    @Test
    void aGridThatCannotBeCutIsDeliveredWhole() {
        var job = jobAfter(gridRequested(), succeeded("generate", 1), failed("split", 1, Code.REQUEST_REJECTED));

        assertThat(job.status()).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(job.images()).containsExactly(JobEventFixtures.image("generate", 1, 0));
        assertThat(job.warnings()).extracting(Job.Warning::code).containsExactly("grid-not-split");
    }

    @Test
    void theSecondBackOffIsTwiceTheFirst() {
        assertThat(Duration.between(
                        JobEventFixtures.NOON.plusMillis(100),
                        generations(Announcement.of(List.of((Existing) after(
                                        requested(),
                                        failed("generate", 1, Code.ENGINE_ERROR),
                                        failed("generate", 2, Code.ENGINE_ERROR)))))
                                .get(0)
                                .notBefore()))
                .isEqualTo(Duration.ofSeconds(2));
    }

    private static JobState after(JobEvent... events) {
        JobState state = new JobState.None();
        for (var event : events) {
            state = state.after(event);
        }
        return state;
    }

    private static Job jobAfter(JobEvent... events) {
        return Announcement.of(List.of((Existing) after(events))).job();
    }
}
