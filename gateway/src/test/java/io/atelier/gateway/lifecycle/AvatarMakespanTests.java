package io.atelier.gateway.lifecycle;

import static io.atelier.gateway.lifecycle.JobEventFixtures.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.TaskRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How long avatars take if a worker is free for each task, in virtual time: nothing waits for a clock, and a task starts at the time at which the
 * lifecycle publishes it.
 */
class AvatarMakespanTests {

    private static final int PROMPT = 2;
    private static final int BASE = 2;
    private static final int GRID = 3;

    @ParameterizedTest
    @ValueSource(ints = {4, 8, 12, 16, 20})
    void avatarTakesAsLongAsTheLongerOfPromptAndBaseImageAndOneGrid(int images) {
        assertThat(makespan(AvatarFixtures.avatar(images), AvatarMakespanTests::fixed))
                .isEqualTo(Math.max(PROMPT, BASE) + GRID);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8, 12, 16, 20})
    void distinctPromptsAreWrittenOneAfterTheOtherWhileGridsAreMade(int images) {
        assertThat(makespan(AvatarFixtures.distinct(images), AvatarMakespanTests::fixed))
                .isEqualTo(PROMPT * (images / 4) + GRID);
    }

    @RepeatedTest(100)
    void avatarTakesAsLongAsItsLongestPath(RepetitionInfo repetition) {
        var random = new Random(repetition.getCurrentRepetition());
        int grids = 1 + random.nextInt(5);
        boolean distinct = random.nextBoolean();
        var avatar = distinct ? AvatarFixtures.distinct(4 * grids) : AvatarFixtures.avatar(4 * grids);
        ToIntFunction<String> durations =
                task -> new Random(31L * repetition.getCurrentRepetition() + task.hashCode()).nextInt(20);

        int written = 0;
        int splitLast = 0;
        for (int i = 0; i < grids; i++) {
            written += distinct || i == 0 ? durations.applyAsInt(AvatarPlan.prompt(i)) : 0;
            int start = Math.max(written, durations.applyAsInt(AvatarPlan.BASE));
            int end = start + durations.applyAsInt(AvatarPlan.grid(i)) + durations.applyAsInt(AvatarPlan.split(i));
            splitLast = Math.max(splitLast, end);
        }
        assertThat(makespan(avatar, durations)).isEqualTo(splitLast + durations.applyAsInt(AvatarPlan.PUBLISH));
    }

    @Test
    void promptAndBaseImageOverlapAndAGridIsCutWhileAnotherIsMade() {
        ToIntFunction<String> durations =
                task -> task.equals("grid-1") ? 9 : task.startsWith("split") ? 4 : fixed(task);

        var stages = run(AvatarFixtures.avatar(8), durations).stages();

        assertThat(stages)
                .containsExactly(
                        stage("prompting", 0, 2, 1),
                        stage("drawing-base", 0, 2, 1),
                        stage("drawing-grids", 2, 11, 2),
                        stage("splitting", 5, 15, 2),
                        stage("publishing", 15, 15, 1));
    }

    private static Job.Stage stage(String name, int from, int to, int tasks) {
        return new Job.Stage(name, NOON.plusSeconds(from), NOON.plusSeconds(to), tasks, tasks);
    }

    private static int fixed(String task) {
        if (task.startsWith("prompt")) {
            return PROMPT;
        }
        if (task.equals(AvatarPlan.BASE)) {
            return BASE;
        }
        return task.startsWith("grid") ? GRID : 0;
    }

    private static long makespan(AvatarSpec avatar, ToIntFunction<String> durations) {
        var job = run(avatar, durations);
        assertThat(job.status()).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(job.images()).hasSize(avatar.images());
        return Duration.between(job.createdAt(), Objects.requireNonNull(job.completedAt()))
                .toSeconds();
    }

    /** Runs an avatar whose tasks start when they are published and take so many seconds. */
    private static Job run(AvatarSpec avatar, ToIntFunction<String> durations) {
        var lifecycle = new LifecycleSimulation(TaskPlan.ofRequests());
        // Among reports of the same time, the first that was added is the first.
        var reports = new PriorityQueue<Report>(
                Comparator.comparing((Report report) -> report.event().at()).thenComparing(Report::number));
        var tasks = new ArrayList<TaskRequest>(lifecycle.process(List.of(AvatarFixtures.requested(avatar))));
        var now = NOON;
        int number = 0;
        while (!tasks.isEmpty() || !reports.isEmpty()) {
            for (var task : tasks) {
                var end = now.plusSeconds(durations.applyAsInt(task.task()));
                reports.add(new Report(number++, JobEventFixtures.started(task.task(), 1, now)));
                reports.add(new Report(number++, AvatarFixtures.succeeded(task.task(), 1, end, avatar.images())));
            }
            var next = reports.remove().event();
            now = later(now, next.at());
            tasks = new ArrayList<>(lifecycle.process(List.of(next)));
        }
        var history = lifecycle.history();
        return history.announcement(history.version()).job();
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private record Report(int number, JobEvent event) {}
}
