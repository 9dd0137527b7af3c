package io.atelier.worker.lease;

import io.atelier.contract.job.JobId;
import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.lease.TaskHandler.Disposition;
import io.atelier.worker.lease.WorkSlots.Work;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * The running tasks of one slot pool by their keys. A task that is delivered again joins its run instead of starting a second one, also
 * when its lease was lost meanwhile. Thread-safe.
 */
final class RunningTasks {

    /** How many accepted tasks are remembered, in case the broker did not receive the acknowledgement. */
    private static final int REMEMBERED = 1_000;

    private final Executor workers;
    private final WorkSlots slots;
    private final Map<String, Run> running = new HashMap<>();
    private final Map<String, Run> accepted = new LinkedHashMap<>();
    private boolean stopAnnounced;

    RunningTasks(Executor workers, WorkSlots slots) {
        this.workers = workers;
        this.slots = slots;
    }

    /**
     * Joins the run of a task, or starts it on a worker thread. A redelivered task that was accepted before keeps its disposition: the broker
     * did not receive the acknowledgement. A first delivery is a new record of the task, which the lifecycle published because the report was
     * lost, so the task is run again.
     *
     * @param redelivered whether the broker delivered this record before
     */
    synchronized Run startOrJoin(String key, boolean redelivered, Function<Run, Disposition> work) {
        var known = running.get(key);
        if (known == null && redelivered) {
            known = accepted.get(key);
        }
        if (known != null) {
            return known;
        }
        var run = new Run(new CompletableFuture<>(), new Cancellation(), slots.work());
        running.put(key, run);
        if (stopAnnounced) {
            run.cancellation().announceStop();
        }
        workers.execute(() -> {
            var disposition = work.apply(run);
            end(key, run, disposition);
            run.work().end();
            run.disposition().complete(disposition);
        });
        return run;
    }

    /** Ends the tasks that only wait, because the process stops. */
    synchronized void announceStop() {
        stopAnnounced = true;
        runs().forEach(run -> run.cancellation().announceStop());
    }

    /** Requests the cancellation of all running tasks because the process stops. */
    void cancelAll() {
        runs().forEach(run -> run.cancellation().request());
    }

    /** Requests the cancellation of the running tasks of a job. */
    void cancel(JobId job, Cancellation.Request request) {
        List<Run> canceled;
        synchronized (this) {
            canceled = running.entrySet().stream()
                    .filter(entry -> entry.getKey().startsWith(job + "/"))
                    .map(Map.Entry::getValue)
                    .toList();
        }
        canceled.forEach(run -> run.cancellation().request(request));
    }

    /** Completes the dispositions of all running tasks with {@link Disposition#RELEASE}, without waiting for the tasks. */
    void releaseAll() {
        runs().forEach(run -> run.disposition().complete(Disposition.RELEASE));
    }

    synchronized int count() {
        return running.size();
    }

    /** The number of tasks that have their disposition and continue nevertheless, because their engines do not stop. */
    synchronized int stuckCount() {
        return (int) running.values().stream()
                .filter(run -> run.disposition().isDone())
                .count();
    }

    private synchronized List<Run> runs() {
        return List.copyOf(running.values());
    }

    private synchronized void end(String key, Run run, Disposition disposition) {
        running.remove(key);
        if (disposition != Disposition.ACCEPT) {
            return;
        }
        accepted.put(key, run);
        if (accepted.size() > REMEMBERED) {
            accepted.remove(accepted.keySet().iterator().next());
        }
    }

    /**
     * The run of one task.
     *
     * @param disposition completes once it is known, never with an exception; usually at the end of the task, earlier if it does not stop
     * @param work uses a slot; ends with the task at the latest
     */
    record Run(CompletableFuture<Disposition> disposition, Cancellation cancellation, Work work) {}
}
