package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All records of one job that the topics contained at the time of a {@link TopicSurvey}.
 *
 * @param job id of the job
 * @param inputs events in the input topics of the lifecycle, in the order of their timestamps
 * @param isPending whether the lifecycle has not yet committed all of these inputs, or has not copied them to the partition of the job
 * @param tasks tasks that a worker holds or will get, each as {@link #task}
 * @param eventVersions versions whose events are in the topic {@code events}
 * @param hasDelivery whether the topic of deliveries has one of this job
 * @param stateVersion last version in the topic of states; 0 if it contains none
 * @param shown last state that the view has read; null if it knows none
 */
record JobTrace(
        JobId job,
        List<JobEvent> inputs,
        boolean isPending,
        Set<String> tasks,
        Set<Integer> eventVersions,
        boolean hasDelivery,
        int stateVersion,
        @Nullable Job shown) {

    JobTrace {
        inputs = List.copyOf(inputs);
        tasks = Set.copyOf(tasks);
        eventVersions = Set.copyOf(eventVersions);
    }

    /** The same trace with more tasks that a worker will get. */
    JobTrace with(Set<String> moreTasks) {
        var all = new HashSet<>(tasks);
        all.addAll(moreTasks);
        return new JobTrace(job, inputs, isPending, all, eventVersions, hasDelivery, stateVersion, shown);
    }

    /** The name of an attempt at a task in {@link #tasks}. */
    static String task(String name, int attempt) {
        return name + "/" + attempt;
    }

    /** The last version that every reader of the topic {@code jobs} knows. */
    int publishedVersion() {
        return Math.min(stateVersion, shown == null ? 0 : shown.version());
    }
}
