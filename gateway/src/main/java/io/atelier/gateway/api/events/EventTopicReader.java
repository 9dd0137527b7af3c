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

/** Reads the topic of events for one client, with a consumer of its own. Blocks its callers; may be closed by another thread while it reads. */
final class EventTopicReader implements AutoCloseable {

    private static final Duration POLL_TIMEOUT = Duration.ofMillis(500);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private final Supplier<Consumer<String, byte[]>> consumers;
    private final StreamPosition start;
    private volatile @Nullable Consumer<String, byte[]> consumer;
    private volatile boolean closed;
    private long[] offsets = {};

    /** @param consumers makes a consumer without a group and without an offset reset; called with the first batch */
    EventTopicReader(Supplier<Consumer<String, byte[]>> consumers, StreamPosition start) {
        this.consumers = consumers;
        this.start = start;
    }

    /**
     * The next events, as soon as there are any; an empty batch if there are none for half a second. The first batch is empty and has the
     * cursor at which the stream begins.
     *
     * @throws Problem with the first batch, if the stream cannot begin there
     * @throws org.apache.kafka.clients.consumer.InvalidOffsetException if the next event was deleted before it was read
     */
    synchronized EventBatch next() {
        try {
            if (closed) {
                return batch(List.of());
            }
            var current = consumer;
            return current == null ? open() : read(current);
        } catch (WakeupException | InterruptException e) {
            // The reader is being closed. The thread returns to its pool and must not stay interrupted.
            Thread.interrupted();
            return batch(List.of());
        }
    }

    @Override
    public void close() {
        closed = true;
        var current = consumer;
        if (current != null) {
            current.wakeup();
        }
        closeAfterReading();
    }

    private synchronized void closeAfterReading() {
        var current = consumer;
        if (current != null) {
            current.close(CloseOptions.timeout(CLOSE_TIMEOUT));
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
            var end = opened.endOffsets(partitions);
            offsets = start.cursor()
                    .map(cursor -> checked(cursor, partitions, first, end))
                    .orElseGet(() -> offsets(partitions, start.earliest() ? first : end));
            partitions.forEach(partition -> opened.seek(partition, offsets[partition.partition()]));
            return batch(List.of());
        } catch (TimeoutException e) {
            throw new Problem(ProblemKind.BROKER_UNAVAILABLE, "The message broker does not answer.")
                    .retryAfter(Duration.ofSeconds(5));
        }
    }

    private static long[] checked(
            FirehoseCursor cursor,
            List<TopicPartition> partitions,
            Map<TopicPartition, Long> first,
            Map<TopicPartition, Long> end) {
        // The number of partitions never changes.
        if (cursor.offsets().size() != partitions.size()) {
            throw StreamPosition.invalidCursor();
        }
        boolean kept = partitions.stream().allMatch(partition -> {
            long offset = cursor.offsets().get(partition.partition());
            return offset >= of(first, partition) && offset <= of(end, partition);
        });
        if (!kept) {
            throw new Problem(
                    ProblemKind.CURSOR_TOO_OLD,
                    "The events after this id are not kept any more, or the id is of another system. Start again without an id, or "
                            + "with from=earliest, and request the present state of the jobs that matter.");
        }
        return cursor.offsets().stream().mapToLong(Long::longValue).toArray();
    }

    private static long[] offsets(List<TopicPartition> partitions, Map<TopicPartition, Long> all) {
        return partitions.stream().mapToLong(partition -> of(all, partition)).toArray();
    }

    private static long of(Map<TopicPartition, Long> offsets, TopicPartition partition) {
        var offset = offsets.get(partition);
        if (offset == null) {
            throw new IllegalStateException("The broker returned no offset of " + partition);
        }
        return offset;
    }

    private EventBatch read(Consumer<String, byte[]> current) {
        var events = new ArrayList<EventBatch.Event>();
        for (var record : current.poll(POLL_TIMEOUT)) {
            offsets[record.partition()] = record.offset() + 1;
            if (record.value() != null) {
                events.add(new EventBatch.Event(
                        EventName.of(EventCodec.type(record.headers())),
                        new String(record.value(), StandardCharsets.UTF_8),
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
