package io.atelier.gateway.api.events;

import static reactor.core.publisher.Sinks.EmitFailureHandler.FAIL_FAST;

import io.atelier.gateway.api.problem.Problem;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** A firehose whose events a test publishes, as from a topic of one partition; or that fails with a problem. */
public final class FakeFirehose implements Firehose {

    private final List<StreamPosition> starts = new CopyOnWriteArrayList<>();
    private final Set<Sinks.Many<EventBatch>> readers = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Problem problem;
    private long offset;

    @Override
    public Flux<EventBatch> read(StreamPosition start) {
        return Flux.defer(() -> {
            starts.add(start);
            var failure = problem;
            if (failure != null) {
                return Flux.error(failure);
            }
            return open();
        });
    }

    /** Buffers the events for each subscriber from its first batch on, as Kafka does. */
    private synchronized Flux<EventBatch> open() {
        Sinks.Many<EventBatch> reader = Sinks.many().unicast().onBackpressureBuffer();
        reader.emitNext(new EventBatch(List.of(), cursor()), FAIL_FAST);
        readers.add(reader);
        return reader.asFlux().doFinally(end -> readers.remove(reader));
    }

    /** Publishes an event to all subscribers, and returns its id. */
    public synchronized String publish(String name, String json) {
        offset++;
        var batch = new EventBatch(List.of(new EventBatch.Event(name, json, cursor())), cursor());
        readers.forEach(reader -> reader.tryEmitNext(batch));
        return cursor();
    }

    /** Fails from now on with this problem; null for no longer. */
    public void fail(@Nullable Problem failure) {
        problem = failure;
    }

    /** The number of open streams. */
    public int streams() {
        return readers.size();
    }

    /** Whether the last stream was requested from the oldest event on. */
    public boolean lastStartedAtEarliest() {
        return starts.get(starts.size() - 1).earliest();
    }

    /** The cursor with which the last stream was requested; the empty string if there was none. */
    public String lastCursor() {
        return starts.get(starts.size() - 1).cursor().map(FirehoseCursor::text).orElse("");
    }

    private synchronized String cursor() {
        return new FirehoseCursor(List.of(offset)).text();
    }
}
