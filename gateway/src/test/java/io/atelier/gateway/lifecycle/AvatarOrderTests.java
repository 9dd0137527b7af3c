package io.atelier.gateway.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.Source;
import io.atelier.contract.job.StoredPrompt;
import io.atelier.contract.job.TaskRequest;
import io.atelier.contract.work.PublishRequested;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Random avatars of 4 to 20 images, with the plan of all requests. */
class AvatarOrderTests extends TaskOrderContract {

    private static final List<String> STAGES = List.of(
            "held", "accepted", "prompting", "drawing-base", "drawing-grids", "splitting", "publishing", "done");

    @Override
    ParallelJob job(int seed, boolean fails) {
        return ParallelJob.ofAvatar(seed, AvatarFixtures.random(new Random(seed)), fails);
    }

    @RepeatedTest(200)
    void gridsAndPublicationsUseWhatWasStored(RepetitionInfo repetition) {
        var lifecycle = job(repetition.getCurrentRepetition(), false).run(3);
        var job = last(lifecycle);
        var avatar = Objects.requireNonNull(job.request().avatar());

        assertThat(job.images())
                .extracting(StoredImage::index)
                .containsExactlyElementsOf(
                        IntStream.range(0, avatar.images()).boxed().toList());
        assertThat(job.grids())
                .extracting(StoredImage::index)
                .containsExactlyElementsOf(
                        IntStream.range(0, avatar.grids()).boxed().toList());
        var prompts = job.prompts().stream().map(StoredPrompt::text).toList();
        for (var task : lifecycle.published()) {
            if (task instanceof GenerationRequested grid && grid.step() == AvatarStep.GRID) {
                var source = grid.request().images().get(0).stored();
                assertThat(source).isEqualTo(avatar.does(AvatarStep.BASE) ? job.base() : stored(avatar.base()));
                var prompt = Objects.requireNonNull(
                        Objects.requireNonNull(grid.request().avatar()).prompt());
                int number = Integer.parseInt(grid.task().substring("grid-".length()));
                assertThat(prompt)
                        .isEqualTo(
                                avatar.does(AvatarStep.PROMPT)
                                        ? prompts.get(avatar.distinctPrompts() ? number : 0)
                                        : avatar.prompt());
            } else if (task instanceof PublishRequested publication) {
                assertThat(publication.tiles())
                        .extracting(StoredImage::index)
                        .containsExactlyElementsOf(
                                IntStream.range(0, avatar.images()).boxed().toList());
                assertThat(publication.tiles()).doesNotHaveDuplicates();
            }
        }
    }

    private static StoredImage stored(@Nullable Source source) {
        return Objects.requireNonNull(Objects.requireNonNull(source).stored());
    }

    @RepeatedTest(200)
    void repeatedTaskIsEqualToTheFirst(RepetitionInfo repetition) {
        var sample = job(repetition.getCurrentRepetition(), false);
        var lifecycle = new LifecycleSimulation(sample.plan());
        var events = sample.events(lifecycle);
        var repeated = new LifecycleSimulation(sample.plan());
        var random = new Random(repetition.getCurrentRepetition());
        var tasks = new ArrayList<TaskRequest>();

        for (var event : events) {
            tasks.addAll(repeated.process(List.of(event)));
            for (var task : openTasks(repeated)) {
                if (random.nextInt(4) == 0) {
                    assertThat(tasks).contains(task);
                }
            }
        }

        assertThat(tasks).isEqualTo(lifecycle.published());
    }

    /** The due tasks of the last state as a repair publishes them. */
    private static List<TaskRequest> openTasks(LifecycleSimulation lifecycle) {
        var state = lifecycle.state();
        return state.record().tasks().open().stream()
                .filter(JobTask::isDue)
                .flatMap(task -> NextTasks.again(state, task).stream())
                .toList();
    }

    @RepeatedTest(200)
    void stageNeverGoesBackAndEachEventSaysWhatChanged(RepetitionInfo repetition) {
        int seed = repetition.getCurrentRepetition();
        var history = job(seed, seed % 4 == 0).run(seed).history();

        int stage = 0;
        for (int version = 1; version <= history.version(); version++) {
            var announced = history.announcement(version);
            int next = STAGES.indexOf(announced.job().stage());
            assertThat(next).as(announced.job().stage()).isGreaterThanOrEqualTo(stage);
            stage = next;
            if (!announced.job().status().terminal()) {
                assertThat(announced.event())
                        .as("%s", history.applied().get(version - 1))
                        .isInstanceOfAny(kinds(history.applied().get(version - 1)));
            }
        }
        assertThat(stage).isEqualTo(STAGES.indexOf("done"));
    }

    private static Class<?>[] kinds(JobEvent applied) {
        if (applied instanceof GenerationRequested) {
            return new Class<?>[] {GenerationEvent.Accepted.class};
        }
        if (applied instanceof TaskStarted) {
            return new Class<?>[] {GenerationEvent.Started.class};
        }
        return applied instanceof TaskFailed
                ? new Class<?>[] {GenerationEvent.RetryScheduled.class}
                : new Class<?>[] {GenerationEvent.Advanced.class, GenerationEvent.Splitting.class};
    }

    private static Job last(LifecycleSimulation lifecycle) {
        var history = lifecycle.history();
        return history.announcement(history.version()).job();
    }
}
