package io.atelier.gateway.jobs;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

/** Those who wait for a job to reach a version. Thread-safe; a waiter costs a map entry, not a thread. */
final class Arrivals {

    private final Map<JobId, List<Waiter>> waiters = new ConcurrentHashMap<>();

    /**
     * The job once it has reached the version: told by {@link #tell}, or found by {@code look}, which is asked after the waiter stands in
     * line, so that no arrival falls between.
     */
    Mono<Job> await(JobId id, int version, Supplier<Optional<Job>> look) {
        return Mono.<Job>create(sink -> {
                    var waiter = new Waiter(version, sink);
                    add(id, waiter);
                    sink.onDispose(() -> remove(id, waiter));
                    look.get().ifPresent(waiter::offer);
                })
                // The teller is the thread that feeds the view: it must not write answers to clients.
                .publishOn(Schedulers.parallel());
    }

    /** Whether anybody waits for the job. */
    boolean expect(JobId id) {
        return waiters.containsKey(id);
    }

    void tell(Job job) {
        waiters.getOrDefault(job.id(), List.of()).forEach(waiter -> waiter.offer(job));
    }

    private void add(JobId id, Waiter waiter) {
        waiters.compute(id, (key, others) -> {
            List<Waiter> all = others == null ? new CopyOnWriteArrayList<>() : others;
            all.add(waiter);
            return all;
        });
    }

    private void remove(JobId id, Waiter waiter) {
        waiters.computeIfPresent(id, (key, others) -> {
            others.remove(waiter);
            return others.isEmpty() ? null : others;
        });
    }

    /** One who waits. */
    private record Waiter(int version, MonoSink<Job> sink) {
        void offer(Job job) {
            if (job.version() >= version) {
                sink.success(job);
            }
        }
    }
}
