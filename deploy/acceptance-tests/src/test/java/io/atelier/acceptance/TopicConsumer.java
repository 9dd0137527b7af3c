package io.atelier.acceptance;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Consumes a public topic by its name and its CloudEvents headers, without code of the project. */
final class TopicConsumer implements AutoCloseable {

    static final String SUCCEEDED = "io.atelier.generation.succeeded.v1";

    private final KafkaConsumer<String, byte[]> consumer;

    /** Consumes all events from the beginning. */
    TopicConsumer(String brokers) {
        this(brokers, "atelier.events");
    }

    private TopicConsumer(String brokers, String topic) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        brokers,
                        ConsumerConfig.GROUP_ID_CONFIG,
                        "acceptance-test-" + UUID.randomUUID(),
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Consumes all dead letters from the beginning. */
    static TopicConsumer ofDeadLetters(String brokers) {
        return new TopicConsumer(brokers, "atelier.dead-letters");
    }

    /** Polls for up to 100 ms and passes the received events to the listener. */
    void poll(Consumer<Event> listener) {
        consumer.poll(Duration.ofMillis(100)).forEach(received -> listener.accept(Event.of(received)));
    }

    /** All events up to the current end offsets, by job. */
    Map<String, List<Event>> readAll() {
        var events = new HashMap<String, List<Event>>();
        var ends = consumer.endOffsets(consumer.assignment());
        consumer.seekToBeginning(consumer.assignment());
        while (ends.keySet().stream()
                .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
            poll(event -> events.computeIfAbsent(event.job(), job -> new ArrayList<>())
                    .add(event));
        }
        return events;
    }

    @Override
    public void close() {
        consumer.close();
    }

    /**
     * One event.
     *
     * @param sequence the version of the job; 0 if there is no sequence header
     * @param text the value as text
     */
    record Event(String job, String id, String type, int sequence, String text) {

        static Event of(ConsumerRecord<String, byte[]> received) {
            boolean numbered = received.headers().lastHeader("ce_sequence") != null;
            return new Event(
                    received.key(),
                    header(received, "ce_id"),
                    header(received, "ce_type"),
                    numbered ? Integer.parseInt(header(received, "ce_sequence")) : 0,
                    new String(received.value(), StandardCharsets.UTF_8));
        }

        private static String header(ConsumerRecord<String, byte[]> received, String name) {
            return new String(received.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
        }
    }
}
