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

/** Those who wait for states of jobs. Thread-safe; who waits costs a map entry, not a thread. */
final class JobSubscriptions {

    private final Map<JobId, List<Listener>> listeners = new ConcurrentHashMap<>();

    /**
     * The job once it has reached the version: told by {@link #tell}, or found by {@code look}, which is asked after the waiter stands in
     * line, so that no arrival falls between. Empty if the arrivals end before.
     */
    Mono<Job> await(JobId id, int version, Supplier<Optional<Job>> look) {
        return Mono.<Job>create(sink -> {
                    var waiter = new Waiter(version, sink);
                    add(id, waiter);
                    sink.onDispose(() -> remove(id, waiter));
                    look.get().ifPresent(waiter::hear);
                })
                // The teller is the thread that feeds the view: it must not write answers to clients.
                .publishOn(Schedulers.parallel());
    }

    /** What {@code look} finds, if anything, then each later state; of several that the reader has no time for, the last one. */
    Flux<Job> follow(JobId id, Supplier<Optional<Job>> look) {
        return Flux.<Job>create(
                        sink -> {
                            var follower = new Follower(sink);
                            add(id, follower);
                            sink.onDispose(() -> remove(id, follower));
                            look.get().ifPresent(follower::hear);
                        },
                        OverflowStrategy.LATEST)
                .publishOn(Schedulers.parallel(), 1);
    }

    /** Whether anybody waits for the job. */
    boolean expect(JobId id) {
        return listeners.containsKey(id);
    }

    void tell(Job job) {
        listeners.getOrDefault(job.id(), List.of()).forEach(listener -> listener.hear(job));
    }

    /** Nothing arrives any more: lets all go who wait. */
    void end() {
        listeners.values().forEach(waiting -> waiting.forEach(Listener::end));
    }

    /** How many wait. */
    int waiting() {
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

    /** One who waits. */
    private interface Listener {

        void hear(Job job);

        void end();
    }

    /** One who waits for a version. */
    private record Waiter(int version, MonoSink<Job> sink) implements Listener {

        @Override
        public void hear(Job job) {
            if (job.version() >= version) {
                sink.success(job);
            }
        }

        @Override
        public void end() {
            sink.success();
        }
    }

    /** One who wants to know of every change. What was looked up may be older than what was told meanwhile. */
    private static final class Follower implements Listener {

        private final FluxSink<Job> sink;
        private int heard;

        Follower(FluxSink<Job> sink) {
            this.sink = sink;
        }

        @Override
        public synchronized void hear(Job job) {
            if (job.version() > heard) {
                heard = job.version();
                sink.next(job);
            }
        }

        @Override
        public void end() {
            sink.complete();
        }
    }
}
