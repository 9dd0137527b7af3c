package io.atelier.gateway.firehose;

import io.atelier.gateway.problem.Problem;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** Events that a test tells, in a topic of one partition; or a problem, as long as the test wants one. */
public final class FakeFirehose implements Firehose {

    private final AtomicInteger readers = new AtomicInteger();
    private final List<Start> starts = new CopyOnWriteArrayList<>();
    private final Sinks.Many<Batch> told = Sinks.many().multicast().directBestEffort();
    private volatile @Nullable Problem problem;
    private long offset;

    @Override
    public Flux<Batch> read(Start start) {
        return Flux.defer(() -> {
            starts.add(start);
            var wrong = problem;
            if (wrong != null) {
                return Flux.error(wrong);
            }
            return told.asFlux()
                    .startWith(new Batch(List.of(), cursor()))
                    .doOnSubscribe(reader -> readers.incrementAndGet())
                    .doFinally(end -> readers.decrementAndGet());
        });
    }

    /** Tells all who read of an event, and says the id that it has. */
    public synchronized String tell(String name, String json) {
        offset++;
        told.tryEmitNext(new Batch(List.of(new Batch.Event(name, json, cursor())), cursor()));
        return cursor();
    }

    /** Fails from now on; null for no longer. */
    public void fail(@Nullable Problem wrong) {
        problem = wrong;
    }

    public int readers() {
        return readers.get();
    }

    /** Whether the last one who asked wanted to begin with the oldest event. */
    public boolean lastWantedTheEarliest() {
        return starts.get(starts.size() - 1).earliest();
    }

    /** The place at which the last one who asked wanted to go on; the empty string if it said none. */
    public String lastCursor() {
        return starts.get(starts.size() - 1).cursor().map(Cursor::text).orElse("");
    }

    private synchronized String cursor() {
        return new Cursor(List.of(offset)).text();
    }
}
