package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.Job;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Computes the stages of an avatar, with their times, from its tasks. */
final class StageTimes {

    private StageTimes() {}

    /** The stages in the order of the plan; empty for a job that is no avatar. */
    static List<Job.Stage> of(JobRecord record) {
        if (!record.isAvatar()) {
            return List.of();
        }
        var stages = new LinkedHashMap<String, List<JobTask>>();
        for (var task : record.tasks().tasks()) {
            stages.computeIfAbsent(task.plan().stage(), stage -> new ArrayList<>())
                    .add(task);
        }
        return stages.entrySet().stream()
                .map(stage -> stage(stage.getKey(), stage.getValue()))
                .toList();
    }

    private static Job.Stage stage(String name, List<JobTask> tasks) {
        int done = (int) tasks.stream().filter(JobTask::isDone).count();
        return new Job.Stage(
                name, startedAt(tasks), done == tasks.size() ? completedAt(tasks) : null, done, tasks.size());
    }

    private static @Nullable Instant startedAt(List<JobTask> tasks) {
        return tasks.stream()
                .map(JobTask::startedAt)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    private static Instant completedAt(List<JobTask> done) {
        return done.stream()
                .map(task -> task.changed().at())
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }
}
