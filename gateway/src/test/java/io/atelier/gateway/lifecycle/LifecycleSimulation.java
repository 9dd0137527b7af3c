package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.TaskRequest;
import io.atelier.gateway.lifecycle.JobState.Existing;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Processes the events of one job as {@link LifecycleProcessor} does, with a store and topics in memory, and checks what it publishes. Not
 * thread-safe.
 */
final class LifecycleSimulation {

    private final TaskPlan plan;
    private final List<String> written = new ArrayList<>();
    private final List<TaskRequest> published = new ArrayList<>();
    private final Set<String> recentIds = new LinkedHashSet<>();
    private JobHistory history;

    LifecycleSimulation(TaskPlan plan) {
        this(plan, JobHistory.empty(plan), List.of());
    }

    private LifecycleSimulation(TaskPlan plan, JobHistory stored, List<String> written) {
        this.plan = plan;
        this.written.addAll(written);
        recentIds.addAll(written);
        history = stored;
    }

    /** The simulation after a crash: with the history of another one in the store, and the records that a third one has written. */
    static LifecycleSimulation afterCrash(LifecycleSimulation store, LifecycleSimulation topics) {
        try (var serde = JobHistorySerde.create(store.plan)) {
            var stored = serde.deserializer().deserialize("", serde.serializer().serialize("", store.history));
            return new LifecycleSimulation(store.plan, stored, topics.written);
        }
    }

    /** Processes events, and returns the tasks that are published with them. */
    List<TaskRequest> process(Iterable<? extends JobEvent> events) {
        int before = published.size();
        events.forEach(this::process);
        return List.copyOf(published.subList(before, published.size()));
    }

    private void process(JobEvent event) {
        var before = history;
        history = before.with(event);
        var versions = history.version() == before.version()
                ? history.versionsMadeBy(event)
                : IntStream.rangeClosed(before.version() + 1, history.version());
        versions.forEach(this::announce);
    }

    private void announce(int version) {
        var announcement = history.announcement(version);
        for (var task : announcement.tasksFor(history.state())) {
            if (write(task(task))) {
                published.add(task);
            }
        }
        write("event " + version + " " + announcement.eventId());
    }

    private boolean write(String id) {
        boolean isNew = recentIds.add(id);
        if (isNew) {
            written.add(id);
        }
        return isNew;
    }

    /** The record of an attempt at a task. */
    static String task(String name, int attempt) {
        return "task " + name + "/" + attempt;
    }

    static String task(TaskRequest task) {
        return task(task.task(), task.attempt());
    }

    /** What is in the topics of tasks and events, in the order of its publication. */
    List<String> written() {
        return List.copyOf(written);
    }

    /** The tasks that were published. */
    List<String> tasks() {
        return written.stream().filter(id -> id.startsWith("task ")).toList();
    }

    /** The records of the tasks, without those that were published before a crash. */
    List<TaskRequest> published() {
        return List.copyOf(published);
    }

    JobHistory history() {
        return history;
    }

    Existing state() {
        return (Existing) history.state();
    }

    /** Fails if a task was due before all that it needs was done. */
    void checkNeeds() {
        for (var state : history.states()) {
            var done = new HashSet<String>();
            for (var task : state.record().tasks().tasks()) {
                if (task.hasBeenDue() && !done.containsAll(task.plan().needs())) {
                    throw new AssertionError(task.name() + " was due in version " + state.version()
                            + " before its needs: " + task.plan().needs());
                }
                if (task.isDone()) {
                    done.add(task.plan().name());
                }
            }
        }
    }
}
