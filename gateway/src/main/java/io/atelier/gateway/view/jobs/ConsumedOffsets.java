package io.atelier.gateway.view.jobs;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

/** The offset that the view has consumed of each partition of its topic, with waiters for given offsets. Thread-safe; a waiter costs no thread. */
final class ConsumedOffsets {

    private final Map<Integer, Long> next = new ConcurrentHashMap<>();
    private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();

    /** Forgets all offsets: the topic is read again from an earlier one. */
    void reset() {
        next.clear();
    }

    /** @param offset the next offset to read: all before it have been consumed */
    void consumed(int partition, long offset) {
        next.merge(partition, offset, Math::max);
        waiters.stream().filter(waiter -> isConsumed(waiter.ends)).forEach(waiter -> waiter.sink.success());
    }

    /** Completes when every partition has been consumed up to the given end offset. */
    Mono<Void> await(Map<Integer, Long> ends) {
        return Mono.<Void>create(sink -> {
                    var waiter = new Waiter(ends, sink);
                    waiters.add(waiter);
                    sink.onDispose(() -> waiters.remove(waiter));
                    if (isConsumed(ends)) {
                        sink.success();
                    }
                })
                // The thread that feeds the view must not write responses to clients.
                .publishOn(Schedulers.parallel());
    }

    private boolean isConsumed(Map<Integer, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> next.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    /** Has identity semantics, so that two waiters for the same offsets stay two. */
    private static final class Waiter {
        private final Map<Integer, Long> ends;
        private final MonoSink<Void> sink;

        private Waiter(Map<Integer, Long> ends, MonoSink<Void> sink) {
            this.ends = ends;
            this.sink = sink;
        }
    }
}
