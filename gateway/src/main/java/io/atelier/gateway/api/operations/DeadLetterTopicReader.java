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

/** Reads the last letters of the topic, once. Blocks. */
final class DeadLetterTopicReader {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterTopicReader.class);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<String, byte[]> consumer;
    private final Duration patience;

    /**
     * A reader.
     *
     * @param consumer without a group; the caller closes it
     * @param patience how long to try before failing
     */
    DeadLetterTopicReader(Consumer<String, byte[]> consumer, Duration patience) {
        this.consumer = consumer;
        this.patience = patience;
    }

    /**
     * The latest letters, newest first. Those that this version cannot read are left out.
     *
     * @throws org.apache.kafka.common.KafkaException if the brokers do not give them in time
     */
    List<DeadLetterObject> latest(int limit) {
        long deadline = System.nanoTime() + patience.toNanos();
        var places = consumer.partitionsFor(Topic.DEAD_LETTERS, patience).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(places);
        var first = consumer.beginningOffsets(places, patience);
        var ends = consumer.endOffsets(places, patience);
        // Any partition may hold all of the latest ones.
        ends.forEach((place, end) -> consumer.seek(place, Math.max(first.getOrDefault(place, 0L), end - limit)));
        var letters = new ArrayList<DeadLetterObject>();
        while (!reached(ends)) {
            if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException("The last records of " + Topic.DEAD_LETTERS + " did not come in time");
            }
            consumer.poll(POLL).forEach(written -> add(written, letters));
        }
        letters.sort(Comparator.comparing(DeadLetterObject::at).reversed());
        return List.copyOf(letters.subList(0, Math.min(limit, letters.size())));
    }

    private static void add(ConsumerRecord<String, byte[]> written, List<DeadLetterObject> letters) {
        try {
            letters.add(DeadLetterObject.of(EventCodec.read(written.value(), DeadLetter.class)));
        } catch (UnreadableRecord e) {
            LOG.warn(
                    "The record at {}-{}@{} is no dead letter: {}",
                    written.topic(),
                    written.partition(),
                    written.offset(),
                    e.getMessage());
        }
    }

    private boolean reached(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey(), patience) >= end.getValue());
    }
}
