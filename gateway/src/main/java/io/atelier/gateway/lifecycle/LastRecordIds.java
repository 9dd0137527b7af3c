package io.atelier.gateway.lifecycle;

import io.atelier.gateway.streams.LifecycleTopics;
import io.atelier.messaging.EventCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads the CloudEvents ids of the last records of topics. Each stream task of the lifecycle calls it for its output topics when it starts, because
 * after a crash it must not write records again that have been written already.
 *
 * <p>Not thread-safe; blocks.
 */
final class LastRecordIds {

    /** Records to read from each partition: more than a stream task writes into one between two commits. */
    private static final long RECORDS_PER_PARTITION = 1_000;

    /**
     * Records to read from each partition at most. Other stream tasks write on until this one has a new owner: for ten seconds, in which they do not
     * write so many.
     */
    private static final long MAX_RECORDS_PER_PARTITION = 100_000;

    /** How much the clocks of two brokers may differ. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(10);

    /** No record is younger. */
    private static final Instant END = Instant.ofEpochMilli(Long.MAX_VALUE);

    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);

    private final Consumer<String, byte[]> consumer;
    private final JobPartitions partitions;
    private final Duration timeout;

    /**
     * Creates a reader.
     *
     * @param consumer consumer with the group of the lifecycle, which it does not join; the caller closes it
     * @param partitions in which the lifecycle works
     * @param timeout limit of each request to the brokers, and of the reading
     */
    LastRecordIds(Consumer<String, byte[]> consumer, JobPartitions partitions, Duration timeout) {
        this.consumer = consumer;
        this.partitions = partitions;
        this.timeout = timeout;
    }

    /**
     * The ids of the last records about jobs of a partition: of those among the last 1,000 of each topic partition, and of those that may have been
     * written for inputs that are not committed yet.
     *
     * @throws IllegalStateException if the brokers do not deliver them in time, or if the thread is interrupted. The lifecycle must not start
     *     then, because it could publish a record twice
     */
    List<String> ids(Collection<String> topics, int partition) {
        var ids = new ArrayList<String>();
        try {
            new TopicReader(consumer, timeout)
                    .read(topics, since(partition), RECORDS_PER_PARTITION, MAX_RECORDS_PER_PARTITION, last -> {
                        if (isOf(partition, last)) {
                            ids.add(EventCodec.header(last.headers(), "ce_id"));
                        }
                    });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the last records of the lifecycle were read", e);
        }
        return ids;
    }

    private boolean isOf(int partition, ConsumerRecord<String, byte[]> last) {
        return !partitions.areSeveral()
                || EventCodec.subject(last.headers())
                        .filter(job -> partitions.of(job.value()) == partition)
                        .isPresent();
    }

    /** The time before which nothing was written for inputs that are not committed. */
    private Instant since(int partition) {
        if (!partitions.areSeveral()) {
            // Nothing else writes, so the last records are those of this stream task.
            return END;
        }
        var copies = new TopicPartition(LifecycleTopics.INPUTS_BY_JOB, partition);
        var only = Set.of(copies);
        consumer.assign(only);
        long end = offset(consumer.endOffsets(only, timeout), copies);
        long first = offset(consumer.beginningOffsets(only, timeout), copies);
        @Nullable
        OffsetAndMetadata committed = consumer.committed(only, timeout).get(copies);
        long next = Math.max(first, committed == null ? 0 : committed.offset());
        if (next >= end) {
            return END;
        }
        consumer.seek(copies, next);
        long start = System.nanoTime();
        while (System.nanoTime() - start < timeout.toNanos()) {
            for (var copy : consumer.poll(POLL_TIMEOUT)) {
                return Instant.ofEpochMilli(copy.timestamp()).minus(CLOCK_TOLERANCE);
            }
        }
        throw new IllegalStateException("Kafka did not deliver the first uncommitted record of %s within %d s"
                .formatted(copies, timeout.toSeconds()));
    }

    private static long offset(Map<TopicPartition, Long> offsets, TopicPartition partition) {
        return offsets.getOrDefault(partition, 0L);
    }
}
