package io.atelier.gateway.view.jobs;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Jobs that this gateway has accepted and that the topic has not brought yet: usually those of the last ten milliseconds. A client can read such
 * a job at once, without waiting for the lifecycle. Thread-safe: changes of the view and of these jobs happen one after the other.
 */
final class AcceptedJobs {

    /** Their memory is bounded: some 2 KB for each. Only while the lifecycle does not run are there more than a few. */
    static final int MAX = 10_000;

    private final Map<JobId, Entry> entries = new ConcurrentHashMap<>();

    private record Entry(Job job, CompletableFuture<Void> shown) {}

    /** Looks into the view, and adds a new job to what its watcher knows. */
    interface View {

        boolean shows(JobId job);

        void added(Job job);
    }

    /**
     * Adds a job, unless the view shows it already.
     *
     * @return whether a reader finds the job now, here or in the view; false if there are too many jobs here
     */
    synchronized boolean add(Job job, View view) {
        if (view.shows(job.id())) {
            return true;
        }
        if (entries.size() >= MAX) {
            return false;
        }
        entries.putIfAbsent(job.id(), new Entry(job, new CompletableFuture<>()));
        view.added(job);
        return true;
    }

    Optional<Job> find(JobId id) {
        return Optional.ofNullable(entries.get(id)).map(Entry::job);
    }

    /** Runs a change of the view that shows the job, or that it was removed; the view has the last word from then on. */
    synchronized void shown(JobId id, Runnable change) {
        change.run();
        var entry = entries.remove(id);
        if (entry != null) {
            entry.shown().complete(null);
        }
    }

    /**
     * Starts the view again, adds the jobs to it, and forgets those that it shows.
     *
     * @param start begins with the jobs that the view itself has
     */
    synchronized void restart(Runnable start, View view) {
        start.run();
        for (var job : entries.values().stream().map(Entry::job).toList()) {
            if (view.shows(job.id())) {
                shown(job.id(), () -> {});
            } else {
                view.added(job);
            }
        }
    }

    /** Blocks until the view shows all jobs that are here now, or until the timeout, or until the thread is interrupted. */
    void awaitShown(Duration timeout) {
        var waiting = entries.values().stream().map(Entry::shown).toArray(CompletableFuture<?>[]::new);
        if (waiting.length == 0) {
            return;
        }
        try {
            CompletableFuture.allOf(waiting).get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            // The lifecycle does not run: they are listed when it has seen them.
        } catch (ExecutionException e) {
            throw new IllegalStateException("An accepted job cannot fail.", e);
        }
    }
}
