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

/** Events that a test tells, in a topic of one partition; or a problem, as long as the test wants one. */
public final class FakeFirehose implements Firehose {

    private final List<StreamPosition> starts = new CopyOnWriteArrayList<>();
    private final Set<Sinks.Many<EventBatch>> readers = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Problem problem;
    private long offset;

    @Override
    public Flux<EventBatch> read(StreamPosition start) {
        return Flux.defer(() -> {
            starts.add(start);
            var wrong = problem;
            if (wrong != null) {
                return Flux.error(wrong);
            }
            return begin();
        });
    }

    /** Each reader has what it was told kept for it from its first batch on, however slowly it takes that: so does Kafka. */
    private synchronized Flux<EventBatch> begin() {
        Sinks.Many<EventBatch> reader = Sinks.many().unicast().onBackpressureBuffer();
        reader.emitNext(new EventBatch(List.of(), cursor()), FAIL_FAST);
        readers.add(reader);
        return reader.asFlux().doFinally(end -> readers.remove(reader));
    }

    /** Tells all who read of an event, and says the id that it has. */
    public synchronized String tell(String name, String json) {
        offset++;
        var batch = new EventBatch(List.of(new EventBatch.Event(name, json, cursor())), cursor());
        readers.forEach(reader -> reader.tryEmitNext(batch));
        return cursor();
    }

    /** Fails from now on; null for no longer. */
    public void fail(@Nullable Problem wrong) {
        problem = wrong;
    }

    public int readers() {
        return readers.size();
    }

    /** Whether the last one who asked wanted to begin with the oldest event. */
    public boolean lastWantedTheEarliest() {
        return starts.get(starts.size() - 1).earliest();
    }

    /** The place at which the last one who asked wanted to go on; the empty string if it said none. */
    public String lastCursor() {
        return starts.get(starts.size() - 1).cursor().map(FirehoseCursor::text).orElse("");
    }

    private synchronized String cursor() {
        return new FirehoseCursor(List.of(offset)).text();
    }
}
