package io.atelier.gateway.view.jobs;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.FluxSink.OverflowStrategy;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

/** Waiters and subscribers for states of jobs. Thread-safe; each costs a map entry, not a thread. */
final class JobSubscriptions {

    private final Map<JobId, List<Listener>> listeners = new ConcurrentHashMap<>();

    /**
     * The job once it has reached the version. {@code lookup} is called after the waiter was added, so that no state between the two is
     * missed. Empty if {@link #complete} is called before.
     */
    Mono<Job> await(JobId id, int version, Supplier<Optional<Job>> lookup) {
        return Mono.<Job>create(sink -> {
                    var waiter = new Waiter(version, sink);
                    add(id, waiter);
                    sink.onDispose(() -> remove(id, waiter));
                    lookup.get().ifPresent(waiter::next);
                })
                // The thread that feeds the view calls publish: it must not write responses to clients.
                .publishOn(Schedulers.parallel());
    }

    /** The state that {@code lookup} finds, if any, then each later state; a slow subscriber receives only the latest of those it missed. */
    Flux<Job> follow(JobId id, Supplier<Optional<Job>> lookup) {
        return Flux.<Job>create(
                        sink -> {
                            var subscriber = new Subscriber(sink);
                            add(id, subscriber);
                            sink.onDispose(() -> remove(id, subscriber));
                            lookup.get().ifPresent(subscriber::next);
                        },
                        OverflowStrategy.LATEST)
                .publishOn(Schedulers.parallel(), 1);
    }

    /** Whether the job has a waiter or subscriber. */
    boolean contains(JobId id) {
        return listeners.containsKey(id);
    }

    /** Passes a new state to all who wait for it. */
    void publish(Job job) {
        listeners.getOrDefault(job.id(), List.of()).forEach(listener -> listener.next(job));
    }

    /** Completes all waiters and subscribers, because no further state will arrive. */
    void complete() {
        listeners.values().forEach(all -> all.forEach(Listener::complete));
    }

    /** The number of waiters and subscribers. */
    int count() {
        return listeners.values().stream().mapToInt(List::size).sum();
    }

    private void add(JobId id, Listener listener) {
        listeners.compute(id, (key, others) -> {
            List<Listener> all = others == null ? new CopyOnWriteArrayList<>() : others;
            all.add(listener);
            return all;
        });
    }

    private void remove(JobId id, Listener listener) {
        listeners.computeIfPresent(id, (key, others) -> {
            others.remove(listener);
            return others.isEmpty() ? null : others;
        });
    }

    private interface Listener {

        void next(Job job);

        void complete();
    }

    /** Waits for a version. */
    private record Waiter(int version, MonoSink<Job> sink) implements Listener {

        @Override
        public void next(Job job) {
            if (job.version() >= version) {
                sink.success(job);
            }
        }

        @Override
        public void complete() {
            sink.success();
        }
    }

    /** Receives every change. The state that was looked up may be older than one that was published meanwhile, so older ones are dropped. */
    private static final class Subscriber implements Listener {

        private final FluxSink<Job> sink;
        private int latest;

        Subscriber(FluxSink<Job> sink) {
            this.sink = sink;
        }

        @Override
        public synchronized void next(Job job) {
            if (job.version() > latest) {
                latest = job.version();
                sink.next(job);
            }
        }

        @Override
        public void complete() {
            sink.complete();
        }
    }
}
