package io.atelier.gateway.lifecycle;

import static io.atelier.gateway.lifecycle.AvatarFixtures.GIVEN_BASE;
import static io.atelier.gateway.lifecycle.AvatarFixtures.PERSONA;
import static io.atelier.gateway.lifecycle.AvatarFixtures.avatar;
import static io.atelier.gateway.lifecycle.AvatarFixtures.distinct;
import static io.atelier.gateway.lifecycle.AvatarFixtures.held;
import static io.atelier.gateway.lifecycle.AvatarFixtures.prompt;
import static io.atelier.gateway.lifecycle.AvatarFixtures.released;
import static io.atelier.gateway.lifecycle.AvatarFixtures.requested;
import static io.atelier.gateway.lifecycle.AvatarFixtures.succeeded;
import static io.atelier.gateway.lifecycle.AvatarFixtures.tile;
import static io.atelier.gateway.lifecycle.JobEventFixtures.JOB;
import static io.atelier.gateway.lifecycle.JobEventFixtures.NOON;
import static io.atelier.gateway.lifecycle.JobEventFixtures.cancelRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.canceled;
import static io.atelier.gateway.lifecycle.JobEventFixtures.eraseRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.failed;
import static io.atelier.gateway.lifecycle.JobEventFixtures.image;
import static io.atelier.gateway.lifecycle.JobEventFixtures.passed;
import static io.atelier.gateway.lifecycle.JobEventFixtures.started;
import static io.atelier.gateway.lifecycle.PublishedTasks.generations;
import static io.atelier.gateway.lifecycle.PublishedTasks.prompts;
import static io.atelier.gateway.lifecycle.PublishedTasks.publications;
import static io.atelier.gateway.lifecycle.PublishedTasks.splits;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.CanceledBy;
import io.atelier.contract.job.DeadlineKind;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.Job.Outcome;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobEvent.Released;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.Source;
import io.atelier.contract.job.TaskRequest;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A persona's way to its images in the state of its job. */
class AvatarJobTests {

    @Test
    void promptAndBaseImageAreDueAtOnce() {
        var announced = last(history(avatar(8)));

        assertThat(announced.tasks()).extracting(TaskRequest::task).containsExactly("prompt-0", "base");
        assertThat(prompts(announced)).singleElement().satisfies(task -> {
            assertThat(task.persona()).isEqualTo(PERSONA);
            assertThat(task.earlier()).isEmpty();
        });
        assertThat(generations(announced)).singleElement().satisfies(task -> {
            assertThat(task.step()).isEqualTo(AvatarStep.BASE);
            assertThat(task.byClient()).isFalse();
            assertThat(task.attempt()).isEqualTo(1);
            assertThat(task.at()).isEqualTo(NOON);
        });
        assertThat(announced.event()).isInstanceOf(GenerationEvent.Accepted.class);
        assertThat(announced.job().stage()).isEqualTo("accepted");
        assertThat(announced.job().status()).isEqualTo(JobStatus.QUEUED);
    }

    @Test
    void tasksOfTheLifecycleCreateNoJob() {
        var base = generations(last(history(avatar(4)))).get(0);

        assertThat(JobHistory.empty().with(base).version()).isZero();
        var history = history(avatar(4));
        assertThat(history.with(base)).isEqualTo(history);
    }

    @Test
    void gridGetsTheBaseImageAndThePromptAsTheyWereStored() {
        var half = history(avatar(8), succeeded("prompt-0", 2));
        assertThat(last(half).tasks()).isEmpty();

        var grids = generations(last(half.with(succeeded("base", 3))));

        assertThat(grids).extracting(GenerationRequested::task).containsExactly("grid-0", "grid-1");
        assertThat(grids).allSatisfy(grid -> {
            assertThat(grid.step()).isEqualTo(AvatarStep.GRID);
            assertThat(grid.request().images())
                    .containsExactly(Source.of(JOB, 0).storedAs(image("base", 3, 0)));
            assertThat(avatarOf(grid).prompt()).isEqualTo(prompt("prompt-0", 2).text());
            assertThat(avatarOf(grid).persona()).isEqualTo(PERSONA);
        });
    }

    @Test
    void distinctPromptKnowsTheEarlierOnesAndItsGridWaitsForItAlone() {
        var history = history(distinct(12), succeeded("base", 1), succeeded("prompt-0", 1));
        assertThat(last(history).tasks()).extracting(TaskRequest::task).containsExactly("prompt-1", "grid-0");

        var announced = last(history.with(succeeded("prompt-1", 1)));

        assertThat(prompts(announced)).singleElement().satisfies(task -> {
            assertThat(task.task()).isEqualTo("prompt-2");
            assertThat(task.index()).isEqualTo(2);
            assertThat(task.earlier()).containsExactly(prompt("prompt-0", 1), prompt("prompt-1", 1));
            assertThat(task.randomStyle()).isTrue();
        });
        assertThat(generations(announced))
                .singleElement()
                .satisfies(grid -> assertThat(avatarOf(grid).prompt())
                        .isEqualTo(prompt("prompt-1", 1).text()));
    }

    @Test
    void givenBaseImageIsASourceOfTheGrids() {
        var spec = avatar(4, false, List.of(AvatarStep.GRID, AvatarStep.SPLIT, AvatarStep.PUBLISH));

        var grid = generations(last(history(spec))).get(0);

        assertThat(grid.request().images()).containsExactly(GIVEN_BASE);
        assertThat(avatarOf(grid).prompt()).isEqualTo(spec.prompt());
        assertThat(last(history(spec, succeeded("grid-0", 1))).job().base()).isNull();
    }

    @Test
    void tilesAreNumberedByTheirGridWhateverTheOrderOfTheSplits() {
        var splitting = withGrids(8);
        assertThat(splits(last(splitting))).singleElement().satisfies(split -> {
            assertThat(split.task()).isEqualTo("split-1");
            assertThat(split.spec().tiles()).isEqualTo(4);
            assertThat(split.grids()).containsExactly(image("grid-1", 1, 0).numbered(1));
        });

        var half = splitting.with(succeeded("split-1", 2));
        assertThat(last(half).tasks()).isEmpty();
        var publication = publications(last(half.with(succeeded("split-0", 1)))).get(0);

        assertThat(publication.personaId()).isEqualTo("42");
        assertThat(publication.tiles())
                .containsExactlyElementsOf(IntStream.range(0, 8)
                        .mapToObj(i -> (i < 4 ? tile("split-0", 1, i) : tile("split-1", 2, i - 4)).numbered(i))
                        .toList());
    }

    @Test
    void noticesNameTheTileByItsNumberWithinTheJob() {
        var whole = succeeded("split-1", 1);
        var blank = new JobEvent.TaskSucceeded(
                JOB,
                "split-1",
                1,
                whole.at(),
                whole.worker(),
                whole.images(),
                List.of(
                        new Job.Warning("tile-empty", "Tile 5 is blank.", 1),
                        new Job.Warning("low-confidence", "", null)),
                null,
                null,
                null,
                List.of(),
                null,
                null,
                null);

        var job = last(withGrids(8).with(blank)).job();

        assertThat(job.warnings())
                .containsExactly(
                        new Job.Warning("tile-empty", "Tile 5 is blank.", 5),
                        new Job.Warning("low-confidence", "", null));
    }

    @Test
    void missingTileDoesNotShiftTheNumbersOfOthers() {
        var whole = succeeded("split-0", 1);
        var three = new JobEvent.TaskSucceeded(
                JOB,
                "split-0",
                1,
                whole.at(),
                whole.worker(),
                List.of(
                        whole.images().get(0),
                        whole.images().get(2),
                        whole.images().get(3)),
                List.of(),
                null,
                null,
                null,
                List.of(),
                null,
                null,
                null);

        var publication = publications(last(withGrids(8).with(three).with(succeeded("split-1", 1))))
                .get(0);

        assertThat(publication.tiles()).extracting(StoredImage::index).containsExactly(0, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void publishedImagesAreDelivered() {
        var job = last(published(avatar(4))).job();

        assertThat(job.status()).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(job.images())
                .hasSize(4)
                .allSatisfy(image -> assertThat(image.published()).isNotNull());
        assertThat(job.base()).isEqualTo(image("base", 1, 0));
        assertThat(job.grids()).containsExactly(image("grid-0", 1, 0));
        assertThat(job.prompts()).containsExactly(prompt("prompt-0", 1));
        assertThat(job.engineMillis()).isEqualTo(2 * 40);
        assertThat(job.request()).isEqualTo(requested(avatar(4)).request());
    }

    @Test
    void gridsKeepTheirNumbersWhenALaterOneIsThereFirst() {
        assertThat(last(withGrids(8)).job().grids())
                .extracting(StoredImage::index)
                .containsExactly(0, 1);
        var onlySecond = history(avatar(8), succeeded("prompt-0", 1), succeeded("base", 1), succeeded("grid-1", 1));

        assertThat(last(onlySecond).job().grids())
                .containsExactly(image("grid-1", 1, 0).numbered(1));
    }

    @Test
    void imagesOfASinglePublicationAreNumberedInTheOrderOfTheRequest() {
        var plain = requested(avatar(2, false, List.of(AvatarStep.PUBLISH)));
        var sources = List.of(GIVEN_BASE, GIVEN_BASE);
        var history = JobHistory.empty().with(plain.with(plain.request().withImages(sources)));

        assertThat(publications(last(history)).get(0).tiles())
                .containsExactly(image("given", 1, 0), image("given", 1, 0).numbered(1));
    }

    @Test
    void promptAloneSucceedsWithoutAnImage() {
        var job = last(history(avatar(0, false, List.of(AvatarStep.PROMPT)), succeeded("prompt-0", 1)))
                .job();

        assertThat(job.status()).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(job.images()).isEmpty();
        assertThat(job.prompts()).hasSize(1);
    }

    @Test
    void stagesHaveTimesAndCounts() {
        var history = history(
                avatar(8),
                started("base", 1, NOON.plusSeconds(1)),
                started("prompt-0", 1, NOON.plusSeconds(2)),
                end("prompt-0", 5),
                end("base", 7),
                started("grid-1", 1, NOON.plusSeconds(8)),
                end("grid-1", 9));

        assertThat(last(history).job().stages())
                .containsExactly(
                        stage("prompting", 2, 5, 1, 1),
                        stage("drawing-base", 1, 7, 1, 1),
                        new Job.Stage("drawing-grids", NOON.plusSeconds(8), null, 1, 2),
                        new Job.Stage("splitting", null, null, 0, 2),
                        new Job.Stage("publishing", null, null, 0, 1));
        var grids = last(history.with(started("grid-0", 1, NOON.plusSeconds(9))).with(end("grid-0", 12)))
                .job()
                .stages();
        assertThat(grids.get(2)).isEqualTo(stage("drawing-grids", 8, 12, 2, 2));
    }

    @Test
    void stageIsTheFirstOfThePlanThatIsOpen() {
        var history = history(avatar(8), started("base", 1));
        assertThat(last(history).job().stage()).isEqualTo("prompting");
        history = history.with(succeeded("prompt-0", 1));
        assertThat(last(history).job().stage()).isEqualTo("drawing-base");
        history = history.with(failed("base", 1, Code.ENGINE_ERROR));
        assertThat(last(history).job().stage()).as("not 'retrying'").isEqualTo("drawing-base");
        history = history.with(succeeded("base", 2)).with(succeeded("grid-0", 1));
        assertThat(last(history).job().stage()).isEqualTo("drawing-grids");
        history = history.with(succeeded("grid-1", 1));
        assertThat(last(history).job().stage()).isEqualTo("splitting");
        history = history.with(succeeded("split-0", 1)).with(succeeded("split-1", 1));
        assertThat(last(history).job().stage()).isEqualTo("publishing");
        assertThat(last(history.with(succeeded("publish", 1))).job().stage()).isEqualTo("done");
    }

    @Test
    void eachVersionHasTheEventOfWhatChanged() {
        var history = history(
                avatar(4),
                started("base", 1),
                started("prompt-0", 1),
                failed("base", 1, Code.ENGINE_ERROR),
                succeeded("prompt-0", 1),
                started("base", 2),
                succeeded("base", 2),
                succeeded("grid-0", 1),
                succeeded("split-0", 1),
                succeeded("publish", 1));

        assertThat(types(history))
                .containsExactly(
                        "accepted",
                        "started",
                        "started",
                        "retry-scheduled",
                        "advanced",
                        "started",
                        "advanced",
                        "splitting",
                        "advanced",
                        "succeeded");
        assertThat(history.announcement(5).event())
                .isInstanceOfSatisfying(
                        GenerationEvent.Advanced.class,
                        event -> assertThat(event.stages())
                                .hasSize(5)
                                .first()
                                .extracting(Job.Stage::done)
                                .isEqualTo(1));
    }

    @Test
    void attemptIsTheHighestOfAllTasksAndNeverGoesBack() {
        var history = history(
                avatar(8),
                started("base", 1),
                failed("base", 1, Code.ENGINE_ERROR),
                started("prompt-0", 1),
                started("base", 2),
                succeeded("prompt-0", 1),
                succeeded("base", 2),
                started("grid-0", 1));

        assertThat(last(history).job().attempt()).isEqualTo(2);
        assertThat(last(history).job().history()).extracting(Job.Step::attempt).containsExactly(1, 1, 2, 2, 2, 2, 2, 2);
        assertThat(history.announcement(4).event())
                .as("the event is about the task that was started")
                .isInstanceOfSatisfying(
                        GenerationEvent.Started.class,
                        event -> assertThat(event.attempt()).isEqualTo(1));
    }

    @Test
    void cancellationIsOneEventHoweverManyTasksRun() {
        var history = history(
                avatar(8, false, List.of(AvatarStep.BASE, AvatarStep.GRID)),
                started("base", 1),
                succeeded("base", 1),
                started("grid-0", 1),
                started("grid-1", 1),
                cancelRequested(120),
                succeeded("grid-0", 1),
                canceled("grid-1", 1, 9L));
        var dueTask = history(avatar(4), started("base", 1), cancelRequested(20), started("base", 2));

        assertThat(types(history)).endsWith("started", "started", "cancel-requested", "advanced", "canceled");
        assertThat(types(dueTask)).endsWith("cancel-requested", "advanced");
        assertThat(last(dueTask).job().stage()).isEqualTo("canceling");
    }

    private static List<String> types(JobHistory history) {
        return last(history).job().history().stream()
                .map(step -> step.type().replaceAll("io.atelier.generation.|.v1", ""))
                .toList();
    }

    @Test
    void splitThatFailsForGoodFailsTheJobAndKeepsWhatWasPaid() {
        var job = last(withGrids(8).with(failed("split-0", 1, Code.REQUEST_REJECTED)))
                .job();

        assertThat(job.status()).isEqualTo(JobStatus.FAILED);
        assertThat(Objects.requireNonNull(job.error()).code()).isEqualTo(Code.REQUEST_REJECTED);
        assertThat(job.images()).isEmpty();
        assertThat(job.base()).isEqualTo(image("base", 1, 0));
        assertThat(job.grids()).hasSize(2);
        assertThat(job.warnings()).isEmpty();
    }

    @Test
    void failureCancelsTheOtherTasksForTheWorkersOnly() {
        var announced = last(history(avatar(4), started("base", 1), failed("prompt-0", 1, Code.MODERATION_BLOCKED)));

        assertThat(announced.cancellation()).hasValueSatisfying(request -> {
            assertThat(request.by()).isEqualTo(CanceledBy.FAILURE);
            assertThat(request.reason()).isNull();
        });
        assertThat(announced.job().status()).isEqualTo(JobStatus.FAILED);
        assertThat(announced.job().cancel()).isNull();
    }

    @Test
    void heldJobHasNoTasksBeforeItsRelease() {
        var waiting = history(held(avatar(4)));
        assertThat(last(waiting).tasks()).isEmpty();
        assertThat(last(waiting).job().stage()).isEqualTo("held");
        assertThat(last(waiting).job().status()).isEqualTo(JobStatus.QUEUED);
        assertThat(last(waiting).event()).isInstanceOf(GenerationEvent.Accepted.class);

        var released = waiting.with(released());

        assertThat(last(released).tasks()).extracting(TaskRequest::task).containsExactly("prompt-0", "base");
        assertThat(last(released).tasks()).extracting(TaskRequest::at).containsOnly(NOON.plusMillis(1));
        assertThat(last(released).job().stage()).isEqualTo("accepted");
        assertThat(last(released).event()).isInstanceOf(GenerationEvent.Advanced.class);
        assertThat(released.with(new Released(JOB, NOON.plusSeconds(9)))).isEqualTo(released);
    }

    @Test
    void releaseBeforeTheSubmissionIsKept() {
        var history = JobHistory.empty().with(released()).with(requested(held(avatar(4))));

        assertThat(history.version()).isEqualTo(2);
        assertThat(last(history).tasks()).hasSize(2);
        assertThat(history.pending()).isEmpty();
    }

    @Test
    void releaseOfAJobThatIsNotHeldChangesNothing() {
        assertThat(history(avatar(4)).with(released())).isEqualTo(history(avatar(4)));
        var plain = JobHistory.empty().with(JobEventFixtures.requested());
        assertThat(plain.with(released())).isEqualTo(plain);
        assertThat(JobHistory.empty().with(released()).with(JobEventFixtures.requested()))
                .isEqualTo(plain);
    }

    @Test
    void heldJobIsCanceledLikeAQueuedOne() {
        var job =
                last(history(held(avatar(4)), cancelRequested(20), released())).job();

        assertThat(job.status()).isEqualTo(JobStatus.CANCELED);
        assertThat(Objects.requireNonNull(job.cancel()).outcome()).isEqualTo(Outcome.DEQUEUED);
        assertThat(job.stages()).allMatch(stage -> stage.startedAt() == null);
    }

    @Test
    void heldJobExpires() {
        var job = last(history(held(avatar(4)), passed(DeadlineKind.START_BY, NOON.plusSeconds(5))))
                .job();

        assertThat(job.status()).isEqualTo(JobStatus.EXPIRED);
    }

    @Test
    void erasedAvatarKeepsItsStagesAndNothingThatIsPersonal() {
        var ended = published(distinct(8));
        var erased = ended.with(eraseRequested());
        var job = last(erased).job();

        assertThat(job.base()).isNull();
        assertThat(job.prompts()).isEmpty();
        assertThat(job.images()).isEmpty();
        assertThat(job.grids()).isEmpty();
        assertThat(job.stages()).isEqualTo(last(ended).job().stages()).hasSize(5);
        assertThat(job.status()).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(job.history()).extracting(Job.Step::version).hasSize(ended.version() + 1);
        assertThat(erased.applied().toString()).doesNotContain("persona-", "prompt.txt", ".png");
        // A repair may announce an earlier version again.
        for (int version = 1; version < erased.version(); version++) {
            assertThat(erased.announcement(version).tasksFor(erased.state())).isEmpty();
            assertThat(erased.announcement(version).eventId())
                    .isEqualTo(ended.announcement(version).eventId());
        }
    }

    private static JobHistory history(AvatarSpec avatar, JobEvent... events) {
        var history = JobHistory.empty().with(requested(avatar));
        for (var event : events) {
            history = history.with(event);
        }
        return history;
    }

    /** An avatar of which all grids are made. */
    private static JobHistory withGrids(int images) {
        var history = history(avatar(images), succeeded("prompt-0", 1), succeeded("base", 1));
        for (int i = 0; i < images / 4; i++) {
            history = history.with(succeeded("grid-" + i, 1));
        }
        return history;
    }

    private static JobHistory published(AvatarSpec avatar) {
        var history = history(avatar);
        for (var task : TaskPlan.ofRequests().tasks(requested(avatar))) {
            history = history.with(succeeded(task.name(), 1));
        }
        return history;
    }

    private static JobEvent end(String task, int second) {
        return succeeded(task, 1, NOON.plusSeconds(second), 4);
    }

    private static Job.Stage stage(String name, int from, int to, int done, int total) {
        Instant start = NOON.plusSeconds(from);
        return new Job.Stage(name, start, NOON.plusSeconds(to), done, total);
    }

    private static Announcement last(JobHistory history) {
        return history.announcement(history.version());
    }

    private static AvatarSpec avatarOf(GenerationRequested task) {
        GenerationRequest request = task.request();
        return Objects.requireNonNull(request.avatar());
    }
}
