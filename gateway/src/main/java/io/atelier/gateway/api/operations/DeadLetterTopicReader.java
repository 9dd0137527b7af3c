package io.atelier.gateway.api.operations;

import io.atelier.messaging.DeadLetter;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.Topic;
import io.atelier.messaging.UnreadableRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the newest dead letters from their topic, once. Blocks; not thread-safe. */
final class DeadLetterTopicReader {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterTopicReader.class);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);

    private final Consumer<String, byte[]> consumer;
    private final Duration timeout;

    /**
     * @param consumer a consumer without a group; closed by the caller
     * @param timeout how long to read before failing
     */
    DeadLetterTopicReader(Consumer<String, byte[]> consumer, Duration timeout) {
        this.consumer = consumer;
        this.timeout = timeout;
    }

    /**
     * The newest dead letters, the newest first. Records that this version cannot read are left out.
     *
     * @throws org.apache.kafka.common.KafkaException if the brokers do not return them within the timeout
     */
    List<DeadLetterObject> latest(int limit) {
        long deadline = System.nanoTime() + timeout.toNanos();
        var partitions = consumer.partitionsFor(Topic.DEAD_LETTERS, timeout).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        var first = consumer.beginningOffsets(partitions, timeout);
        var ends = consumer.endOffsets(partitions, timeout);
        // Any one partition may have all of the newest ones.
        ends.forEach(
                (partition, end) -> consumer.seek(partition, Math.max(first.getOrDefault(partition, 0L), end - limit)));
        var found = new ArrayList<DeadLetterObject>();
        while (!isRead(ends)) {
            if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException(
                        "The last records of " + Topic.DEAD_LETTERS + " were not received within " + timeout);
            }
            consumer.poll(POLL_TIMEOUT).forEach(record -> add(record, found));
        }
        found.sort(Comparator.comparing(DeadLetterObject::at).reversed());
        return List.copyOf(found.subList(0, Math.min(limit, found.size())));
    }

    private static void add(ConsumerRecord<String, byte[]> record, List<DeadLetterObject> found) {
        try {
            found.add(DeadLetterObject.of(EventCodec.read(record.value(), DeadLetter.class)));
        } catch (UnreadableRecord e) {
            LOG.warn(
                    "The record {}-{}@{} is not a readable dead letter: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e.getMessage());
        }
    }

    private boolean isRead(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey(), timeout) >= end.getValue());
    }
}
