package io.atelier.gateway.lifecycle;

import static io.atelier.gateway.lifecycle.JobEventFixtures.GRID_COPY;
import static io.atelier.gateway.lifecycle.JobEventFixtures.NOON;
import static io.atelier.gateway.lifecycle.JobEventFixtures.PARENT;
import static io.atelier.gateway.lifecycle.JobEventFixtures.PARENT_GRID;
import static io.atelier.gateway.lifecycle.JobEventFixtures.cancelRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.canceled;
import static io.atelier.gateway.lifecycle.JobEventFixtures.eraseRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.failed;
import static io.atelier.gateway.lifecycle.JobEventFixtures.passed;
import static io.atelier.gateway.lifecycle.JobEventFixtures.split;
import static io.atelier.gateway.lifecycle.JobEventFixtures.splitRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.started;
import static io.atelier.gateway.lifecycle.PublishedTasks.generations;
import static io.atelier.gateway.lifecycle.PublishedTasks.splits;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.DeadlineKind;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.GenerationRequest.Terms;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.Job.Outcome;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.Source;
import io.atelier.contract.work.SplitRequested;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Jobs whose only task is to split grids that exist. */
class SplitJobTests {

    @Test
    void requestIsQueuedAndItsTaskGoesToSplittersOnly() {
        var announced = last(splitRequested());

        assertThat(announced.job().status()).isEqualTo(JobStatus.QUEUED);
        assertThat(announced.job().stage()).isEqualTo("accepted");
        assertThat(announced.job().grids()).isEmpty();
        assertThat(announced.event()).isInstanceOf(GenerationEvent.Accepted.class);
        assertThat(generations(announced)).isEmpty();
        assertThat(splits(announced))
                .containsExactly(new SplitRequested(
                        JobEventFixtures.JOB,
                        "split",
                        1,
                        JobEventFixtures.MAX_ATTEMPTS,
                        NOON,
                        null,
                        Objects.requireNonNull(splitRequested().request().grid()),
                        List.of(PARENT_GRID)));
    }

    @Test
    void taskForAnImageAtAnAddressHasTheAddress() {
        var address = "https://example.org/grid.png?signature=abc";
        var requested = splitRequested();
        var request = requested.request().withImages(List.of(Source.at(address)));
        var announced = last(new JobEvent.GenerationRequested(
                requested.job(), "split", 1, JobEventFixtures.MAX_ATTEMPTS, NOON, null, request));

        assertThat(splits(announced)).singleElement().satisfies(task -> {
            assertThat(task.grids()).isEmpty();
            assertThat(task.imageUrl()).isEqualTo(address);
        });
        assertThat(splits(last(splitRequested())))
                .singleElement()
                .satisfies(task -> assertThat(task.imageUrl()).isNull());
    }

    @DisplayName("A grid of another job has the number that it has in this one, whatever its number there is")
    @Test
    void gridsHaveTheNumbersOfThisJob() {
        var requested = splitRequested();
        var third = Source.of(JobEventFixtures.JOB, 3).storedAs(PARENT_GRID.numbered(3));
        var request = requested.request().withImages(List.of(third));
        var announced = last(new JobEvent.GenerationRequested(
                requested.job(), "split", 1, JobEventFixtures.MAX_ATTEMPTS, NOON, null, request));

        assertThat(splits(announced))
                .singleElement()
                .satisfies(task -> assertThat(task.grids()).containsExactly(PARENT_GRID.numbered(0)));
    }

    @Test
    void taskHasTheNameOfTheRequest() {
        var terms = new Terms(null, null, null, PARENT, null);

        assertThat(splits(last(splitRequested("split-1a2b3c4d", terms))))
                .singleElement()
                .satisfies(task -> assertThat(task.task()).isEqualTo("split-1a2b3c4d"));
        assertThat(last(splitRequested("split-1a2b3c4d", terms), split("split", 1))
                        .job()
                        .status())
                .isEqualTo(JobStatus.QUEUED);
        assertThat(last(splitRequested("split-1a2b3c4d", terms), split("split-1a2b3c4d", 1))
                        .job()
                        .status())
                .isEqualTo(JobStatus.SUCCEEDED);
    }

    @Test
    void runningSplitIsSplitting() {
        var announced = last(splitRequested(), started("split", 1));

        assertThat(announced.job().status()).isEqualTo(JobStatus.RUNNING);
        assertThat(announced.job().stage()).isEqualTo("splitting");
        assertThat(announced.event()).isInstanceOf(GenerationEvent.Started.class);
        assertThat(splits(announced)).isEmpty();
    }

    @Test
    void endHasTheTilesAndTheCopyOfTheGridWithItsCuts() {
        var job = last(splitRequested(), started("split", 1), split("split", 1)).job();

        assertThat(job.status()).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(job.images()).hasSize(1);
        assertThat(job.grids()).containsExactly(GRID_COPY);
        assertThat(job.warnings()).extracting(Job.Warning::code).containsExactly("tile-rejected");
        assertThat(job.engineMillis()).isNull();
    }

    @Test
    void cutsOfAGeneratedGridAreInTheJobToo() {
        var grid = JobEventFixtures.image("generate", 1, 0);
        var report = split("split", 1);
        var cut = grid.cutAt(GRID_COPY.cuts());
        var job = last(
                        JobEventFixtures.gridRequested(),
                        started("generate", 1),
                        JobEventFixtures.succeeded("generate", 1),
                        new JobEvent.TaskSucceeded(
                                report.job(),
                                report.task(),
                                1,
                                report.at(),
                                report.worker(),
                                report.images(),
                                List.of(),
                                null,
                                null,
                                null,
                                List.of(cut),
                                null,
                                null,
                                null))
                .job();

        assertThat(job.grids()).containsExactly(cut);
    }

    @Test
    void gridThatDoesNotExistAnyMoreFailsTheJob() {
        var announced = last(splitRequested(), started("split", 1), failed("split", 1, Code.SOURCE_UNAVAILABLE));

        assertThat(announced.job().status()).isEqualTo(JobStatus.FAILED);
        assertThat(Objects.requireNonNull(announced.job().error()).code()).isEqualTo(Code.SOURCE_UNAVAILABLE);
        assertThat(announced.job().images()).isEmpty();
        assertThat(announced.job().grids()).isEmpty();
        assertThat(splits(announced)).isEmpty();
    }

    @Test
    void transientFailureIsRetriedUntilTheLastAttempt() {
        var retried = last(splitRequested(), started("split", 1), failed("split", 1, Code.STORAGE_ERROR));

        assertThat(retried.job().status()).isEqualTo(JobStatus.QUEUED);
        assertThat(retried.job().stage()).isEqualTo("retrying");
        assertThat(retried.event()).isInstanceOf(GenerationEvent.RetryScheduled.class);
        assertThat(splits(retried)).singleElement().satisfies(task -> {
            assertThat(task.attempt()).isEqualTo(2);
            assertThat(task.grids()).containsExactly(PARENT_GRID);
        });
        assertThat(last(
                                splitRequested(),
                                failed("split", 1, Code.STORAGE_ERROR),
                                failed("split", 2, Code.STORAGE_ERROR),
                                failed("split", 3, Code.STORAGE_ERROR))
                        .job()
                        .status())
                .isEqualTo(JobStatus.FAILED);
    }

    @Test
    void splitCanBeCanceled() {
        assertThat(outcome(last(splitRequested(), cancelRequested(5)))).isEqualTo(Outcome.DEQUEUED);
        assertThat(outcome(last(splitRequested(), started("split", 1), cancelRequested(20), canceled("split", 1, 3L))))
                .isEqualTo(Outcome.FREED);
    }

    @Test
    void deadlinesHold() {
        var terms = new Terms(NOON.plusSeconds(5), NOON.plusSeconds(9), Duration.ofDays(1), PARENT, null);

        assertThat(last(splitRequested("split", terms), passed(DeadlineKind.START_BY, NOON.plusSeconds(5)))
                        .job()
                        .status())
                .isEqualTo(JobStatus.EXPIRED);
        assertThat(last(
                                splitRequested("split", terms),
                                started("split", 1),
                                passed(DeadlineKind.COMPLETE_BY, NOON.plusSeconds(9)),
                                canceled("split", 1, 3L))
                        .job()
                        .status())
                .isEqualTo(JobStatus.CANCELED);
        assertThat(last(splitRequested("split", terms), split("split", 1)).job().expiresAt())
                .isEqualTo(NOON.plusMillis(100).plus(Duration.ofDays(1)));
    }

    @Test
    void erasureLeavesNoLabelsSourcesAndImages() {
        var history = history(splitRequested(), started("split", 1), split("split", 1), eraseRequested());
        var job = history.announcement(history.version()).job();

        assertThat(job.status()).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(job.stage()).isEqualTo("erased");
        assertThat(job.request().images()).isEmpty();
        assertThat(job.request().labels()).isEmpty();
        assertThat(job.grids()).isEmpty();
        assertThat(job.images()).isEmpty();
        assertThat(history.applied()).noneMatch(event -> event.toString().contains(PARENT_GRID.key()));
    }

    private static Outcome outcome(Announcement announced) {
        assertThat(announced.job().status()).isEqualTo(JobStatus.CANCELED);
        return Objects.requireNonNull(
                Objects.requireNonNull(announced.job().cancel()).outcome());
    }

    private static Announcement last(JobEvent... events) {
        var history = history(events);
        return history.announcement(history.version());
    }

    private static JobHistory history(JobEvent... events) {
        var history = JobHistory.empty();
        for (var event : events) {
            history = history.with(event);
        }
        return history;
    }
}
