package io.atelier.gateway.api.events;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/** Reads the events for one client. Blocks its callers; may be closed while it reads. */
final class EventTopicReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private final Supplier<Consumer<String, byte[]>> consumers;
    private final StreamPosition start;
    private volatile @Nullable Consumer<String, byte[]> consumer;
    private volatile boolean closed;
    private long[] offsets = {};

    /** @param consumers make one without a group, that fails where it has no offset; called with the first batch */
    EventTopicReader(Supplier<Consumer<String, byte[]>> consumers, StreamPosition start) {
        this.consumers = consumers;
        this.start = start;
    }

    /**
     * The next events, as soon as there are any; none if nothing happens for half a second. The first time: none, and where it begins.
     *
     * @throws Problem the first time, if it cannot begin there
     * @throws org.apache.kafka.clients.consumer.InvalidOffsetException if the next event was deleted before it was read
     */
    synchronized EventBatch next() {
        try {
            if (closed) {
                return batch(List.of());
            }
            var reading = consumer;
            return reading == null ? open() : read(reading);
        } catch (WakeupException | InterruptException e) {
            // Closed, or about to be: the thread goes back to its pool as it came.
            Thread.interrupted();
            return batch(List.of());
        }
    }

    @Override
    public void close() {
        closed = true;
        var reading = consumer;
        if (reading != null) {
            reading.wakeup();
        }
        closeAfterReading();
    }

    private synchronized void closeAfterReading() {
        var reading = consumer;
        if (reading != null) {
            reading.close(CloseOptions.timeout(CLOSE));
        }
    }

    private EventBatch open() {
        var opened = consumers.get();
        consumer = opened;
        try {
            var partitions = IntStream.range(
                            0, opened.partitionsFor(Topic.EVENTS).size())
                    .mapToObj(number -> new TopicPartition(Topic.EVENTS, number))
                    .toList();
            opened.assign(partitions);
            var first = opened.beginningOffsets(partitions);
            var next = opened.endOffsets(partitions);
            offsets = start.cursor()
                    .map(cursor -> checked(cursor, partitions, first, next))
                    .orElseGet(() -> offsets(partitions, start.earliest() ? first : next));
            partitions.forEach(place -> opened.seek(place, offsets[place.partition()]));
            return batch(List.of());
        } catch (TimeoutException e) {
            throw new Problem(
                            ProblemKind.BROKER_UNAVAILABLE,
                            "The message broker, which keeps the events, does not answer.")
                    .retryAfter(Duration.ofSeconds(5));
        }
    }

    private static long[] checked(
            FirehoseCursor cursor,
            List<TopicPartition> partitions,
            Map<TopicPartition, Long> first,
            Map<TopicPartition, Long> next) {
        boolean kept = cursor.offsets().size() == partitions.size()
                && partitions.stream().allMatch(place -> {
                    long offset = cursor.offsets().get(place.partition());
                    return offset >= of(first, place) && offset <= of(next, place);
                });
        if (!kept) {
            throw new Problem(
                    ProblemKind.CURSOR_TOO_OLD,
                    "The events after that one are not kept any more, or are not of this system. Begin anew, with the next event or with "
                            + "from=earliest, and ask for the present state of the jobs that matter.");
        }
        return cursor.offsets().stream().mapToLong(Long::longValue).toArray();
    }

    private static long[] offsets(List<TopicPartition> partitions, Map<TopicPartition, Long> all) {
        return partitions.stream().mapToLong(place -> of(all, place)).toArray();
    }

    private static long of(Map<TopicPartition, Long> offsets, TopicPartition place) {
        var offset = offsets.get(place);
        if (offset == null) {
            throw new IllegalStateException("The broker told no offset of " + place);
        }
        return offset;
    }

    private EventBatch read(Consumer<String, byte[]> reading) {
        var events = new ArrayList<EventBatch.Event>();
        for (var written : reading.poll(POLL)) {
            offsets[written.partition()] = written.offset() + 1;
            if (written.value() != null) {
                events.add(new EventBatch.Event(
                        EventName.of(EventCodec.type(written.headers())),
                        new String(written.value(), StandardCharsets.UTF_8),
                        cursor()));
            }
        }
        return batch(events);
    }

    private EventBatch batch(List<EventBatch.Event> events) {
        return new EventBatch(events, offsets.length == 0 ? "" : cursor());
    }

    private String cursor() {
        return new FirehoseCursor(Arrays.stream(offsets).boxed().toList()).text();
    }
}
