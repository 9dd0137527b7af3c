package io.atelier.gateway.lifecycle;

import static io.atelier.gateway.lifecycle.JobEventFixtures.NOON;
import static io.atelier.gateway.lifecycle.JobEventFixtures.failed;
import static io.atelier.gateway.lifecycle.JobEventFixtures.started;

import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobEvent.Released;
import io.atelier.contract.job.TaskRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Workers that report about the tasks of one job, whichever are published. What they report about a task depends on its name alone, so that jobs
 * with the same seed differ in the order of the reports only. Not thread-safe.
 */
final class SimulatedWorkers {

    private final long seed;
    private final int fallbacks;
    private final @Nullable String failing;
    private final Results results;
    private final List<Deque<JobEvent>> running = new ArrayList<>();

    /**
     * Creates workers without tasks.
     *
     * @param fallbacks number of fallback models of each task
     * @param failing name of the task that fails for good; null for none
     */
    SimulatedWorkers(long seed, int fallbacks, @Nullable String failing) {
        this(seed, fallbacks, failing, Results.OF_PLAIN_JOBS);
    }

    SimulatedWorkers(long seed, int fallbacks, @Nullable String failing, Results results) {
        this.seed = seed;
        this.fallbacks = fallbacks;
        this.failing = failing;
        this.results = results;
    }

    /** A job from its request to its end: all its events, in an order in which they can happen. */
    List<JobEvent> run(LifecycleSimulation lifecycle, GenerationRequested request, Random order) {
        var events = new ArrayList<JobEvent>(List.of(request));
        var avatar = request.request().avatar();
        if (avatar == null) {
            lease(request.task(), request.attempt());
        } else if (avatar.held()) {
            running.add(new ArrayDeque<>(List.of(new Released(request.job(), NOON.plusMillis(1)))));
        }
        lease(lifecycle.process(events));
        while (!running.isEmpty()) {
            var reports = running.get(order.nextInt(running.size()));
            var event = reports.remove();
            if (reports.isEmpty()) {
                running.remove(reports);
            }
            events.add(event);
            lease(lifecycle.process(List.of(event)));
        }
        return events;
    }

    /** The same events without the tasks that the lifecycle has written and read again. */
    static List<JobEvent> withoutOwnTasks(List<JobEvent> events) {
        return events.stream()
                .filter(event -> !(event instanceof GenerationRequested) || event.equals(events.get(0)))
                .toList();
    }

    private void lease(List<TaskRequest> tasks) {
        tasks.forEach(task -> lease(task.task(), task.attempt()));
        for (var task : tasks) {
            // The topic of tasks for generator workers is also an input of the lifecycle.
            if (task instanceof GenerationRequested generation) {
                running.add(new ArrayDeque<>(List.of(generation)));
            }
        }
    }

    private void lease(String task, int attempt) {
        var reports = new ArrayDeque<JobEvent>();
        report(task, attempt, reports);
        running.add(reports);
    }

    private void report(String task, int attempt, Deque<JobEvent> reports) {
        var random = new Random(31 * seed + (task + attempt).hashCode());
        boolean startsItself = random.nextInt(3) > 0;
        if (startsItself) {
            reports.add(started(task, attempt));
        }
        boolean isLast = attempt == JobEventFixtures.MAX_ATTEMPTS;
        int end = random.nextInt(7);
        if (task.equals(failing)) {
            add(reports, failed(task, attempt, Code.MODERATION_BLOCKED), startsItself);
        } else if (end == 0 && !isLast) {
            // The worker was lost; the broker delivers the record again.
            report(task, attempt + 1, reports);
        } else if (end == 1 && !isLast) {
            add(reports, failed(task, attempt, Code.ENGINE_ERROR), startsItself);
        } else if (end == 2 && hasFallback(task)) {
            add(reports, failed(task, attempt, Code.RATE_LIMITED), startsItself);
        } else if (end == 3 && results.areOptional(task)) {
            add(reports, failed(task, attempt, Code.REQUEST_REJECTED), startsItself);
        } else {
            add(reports, results.succeeded(task, attempt), startsItself);
        }
    }

    private static void add(Deque<JobEvent> reports, JobEvent end, boolean hasStarted) {
        reports.add(hasStarted ? end : JobEventFixtures.withStart(end, NOON.plusMillis(1)));
    }

    private boolean hasFallback(String task) {
        var name = task.split("-fallback-", 2);
        int tried = name.length == 1 ? 0 : Integer.parseInt(name[1]);
        return tried < fallbacks && !task.startsWith("split");
    }

    /** What the workers make of tasks. */
    interface Results {

        /** One image for each task; the job goes on if a grid cannot be cut. */
        Results OF_PLAIN_JOBS = JobEventFixtures::succeeded;

        /** The report of the success of an attempt. */
        JobEvent succeeded(String task, int attempt);

        /** Whether the job goes on when the task fails for good. */
        default boolean areOptional(String task) {
            return task.startsWith("split");
        }
    }
}
