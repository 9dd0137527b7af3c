package io.atelier.gateway.lifecycle;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.gateway.lifecycle.PlannedTask.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Plans with several tasks for tests. No request has such a plan. */
final class TaskPlanFixtures {

    /** The name of a first task beside the submission. */
    static final String PROMPT = "prompt";

    /** The name of the task that needs all branches. */
    static final String JOIN = "publish";

    private TaskPlanFixtures() {}

    /** The submission and a prompt; branches that need both, each of a grid and its split; and a task that needs all splits. */
    static TaskPlan branches(int number) {
        return submission -> {
            var tasks = new ArrayList<PlannedTask>();
            tasks.add(task(submission, submission.task(), Kind.GENERATE));
            tasks.add(task(submission, PROMPT, Kind.GENERATE));
            for (int i = 0; i < number; i++) {
                tasks.add(task(submission, grid(i), Kind.GENERATE, submission.task(), PROMPT));
                tasks.add(task(submission, split(i), Kind.SPLIT, grid(i)));
            }
            var splits = IntStream.range(0, number).mapToObj(TaskPlanFixtures::split);
            tasks.add(task(submission, JOIN, Kind.GENERATE, splits.toArray(String[]::new)));
            return tasks;
        };
    }

    /** The submission, grids that need it, their splits, and for each split a number of tasks that need it. */
    static TaskPlan tree(int grids, int leavesOfGrid) {
        return submission -> {
            var tasks = new ArrayList<PlannedTask>();
            tasks.add(task(submission, submission.task(), Kind.GENERATE));
            for (int i = 0; i < grids; i++) {
                tasks.add(task(submission, grid(i), Kind.GENERATE, submission.task()));
                tasks.add(task(submission, split(i), Kind.SPLIT, grid(i)));
                for (int leaf = 0; leaf < leavesOfGrid; leaf++) {
                    tasks.add(task(submission, "leaf-%d-%d".formatted(i, leaf), Kind.GENERATE, split(i)));
                }
            }
            return tasks;
        };
    }

    /** A request for such jobs, with fallback models. */
    static GenerationRequested requested(String... models) {
        return JobEventFixtures.requested(new GridSpec(2, 2, true, 0, 8, 32), models);
    }

    static String grid(int index) {
        return "grid-" + index;
    }

    static String split(int index) {
        return "split-" + index;
    }

    private static PlannedTask task(GenerationRequested submission, String name, Kind kind, String... needs) {
        return new PlannedTask(name, kind, List.of(needs), submission.request());
    }
}
