package io.atelier.gateway.view.jobs;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

/**
 * How far the view has read each partition of its topic, and those who wait for it to come as far as the topic was. Thread-safe; a waiter
 * costs an entry, not a thread.
 */
final class ConsumedOffsets {

    private final Map<Integer, Long> next = new ConcurrentHashMap<>();
    private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();

    /** The view has read a partition up to an offset, not with it. */
    void reached(int partition, long offset) {
        next.merge(partition, offset, Math::max);
        waiters.stream().filter(waiter -> haveReached(waiter.ends)).forEach(waiter -> waiter.sink.success());
    }

    /** Completes when every partition has been read up to its end as given. */
    Mono<Void> await(Map<Integer, Long> ends) {
        return Mono.<Void>create(sink -> {
                    var waiter = new Waiter(ends, sink);
                    waiters.add(waiter);
                    sink.onDispose(() -> waiters.remove(waiter));
                    if (haveReached(ends)) {
                        sink.success();
                    }
                })
                // The thread that feeds the view must not write answers to clients.
                .publishOn(Schedulers.parallel());
    }

    private boolean haveReached(Map<Integer, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> next.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    /** One who waits. Each is himself only, though another may wait for the same. */
    private static final class Waiter {
        private final Map<Integer, Long> ends;
        private final MonoSink<Void> sink;

        private Waiter(Map<Integer, Long> ends, MonoSink<Void> sink) {
            this.ends = ends;
            this.sink = sink;
        }
    }
}
