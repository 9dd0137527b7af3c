package io.atelier.worker.lease;

import io.atelier.contract.job.JobId;
import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.cancellation.CancellationRequest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * What this process works on, by the key of its order, so that an order that comes again joins the work under way instead of starting it
 * a second time. Work whose lease was lost goes on here, and so can be joined. Thread-safe.
 */
final class RunningTasks {

    /** How many finished orders are remembered, in case the broker lost the word that they are done. */
    private static final int REMEMBERED = 1_000;

    private final Executor workers;
    private final int threads;
    private final Map<String, Run> running = new HashMap<>();
    private final Map<String, Run> finished = new LinkedHashMap<>();

    /** @param threads how many threads the executor has */
    RunningTasks(Executor workers, int threads) {
        this.workers = workers;
        this.threads = threads;
    }

    /** Joins the work on an order, or starts it on a worker thread; if it was finished here before, its outcome stands. */
    synchronized Run startOrJoin(String key, Function<Run, TaskDisposition> work) {
        var known = finished.getOrDefault(key, running.get(key));
        if (known != null) {
            return known;
        }
        var run = new Run(new CompletableFuture<>(), new Cancellation());
        running.put(key, run);
        workers.execute(() -> {
            var verdict = work.apply(run);
            end(key, run, verdict);
            run.verdict().complete(verdict);
        });
        return run;
    }

    /** Tells all running work to stop. */
    void cancelAll() {
        runs().forEach(run -> run.cancellation().request());
    }

    /** Takes back the work on the tasks of a job. */
    void cancellationRequest(JobId job, CancellationRequest cancellationRequest) {
        List<Run> concerned;
        synchronized (this) {
            concerned = running.entrySet().stream()
                    .filter(entry -> entry.getKey().startsWith(job + "/"))
                    .map(Map.Entry::getValue)
                    .toList();
        }
        concerned.forEach(run -> run.cancellation().request(cancellationRequest));
    }

    /** Lets go of all running work without waiting for it: whoever waits for it hears {@link TaskDisposition#RELEASE} now. */
    void abandonAll() {
        runs().forEach(run -> run.verdict().complete(TaskDisposition.RELEASE));
    }

    synchronized int count() {
        return running.size();
    }

    /** Whether the work has its verdict and goes on nevertheless. */
    synchronized boolean stuck(Run run) {
        return run.verdict().isDone() && running.containsValue(run);
    }

    /** How many tasks have their verdict and go on nevertheless: something in them does not stop. */
    synchronized int stuck() {
        return (int)
                running.values().stream().filter(run -> run.verdict().isDone()).count();
    }

    /** Whether an order that is taken now could wait for ever: no thread is free, and one that is not is stuck. */
    synchronized boolean blocked() {
        return running.size() >= threads && stuck() > 0;
    }

    private synchronized List<Run> runs() {
        return List.copyOf(running.values());
    }

    private synchronized void end(String key, Run run, TaskDisposition verdict) {
        running.remove(key);
        if (verdict != TaskDisposition.ACCEPT) {
            return;
        }
        finished.put(key, run);
        if (finished.size() > REMEMBERED) {
            finished.remove(finished.keySet().iterator().next());
        }
    }

    /**
     * Work on one order.
     *
     * @param verdict what shall become of the order, once that is known; never ends with an exception
     */
    record Run(CompletableFuture<TaskDisposition> verdict, Cancellation cancellation) {}
}
