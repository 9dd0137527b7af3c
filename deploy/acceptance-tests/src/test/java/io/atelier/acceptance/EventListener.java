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

/** Reads a public topic as another team would: by its name and its CloudEvents headers, with no code of the project. */
final class EventListener implements AutoCloseable {

    static final String SUCCEEDED = "io.atelier.generation.succeeded.v1";

    private final KafkaConsumer<String, byte[]> consumer;

    /** A listener that hears all events from the first one on. */
    EventListener(String brokers) {
        this(brokers, "atelier.events");
    }

    private EventListener(String brokers, String topic) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        brokers,
                        ConsumerConfig.GROUP_ID_CONFIG,
                        "listener-" + UUID.randomUUID(),
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> places = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(places);
        consumer.seekToBeginning(places);
    }

    /** One that hears what was buried. */
    static EventListener ofDeadLetters(String brokers) {
        return new EventListener(brokers, "atelier.dead-letters");
    }

    /** Waits a moment for events and hands them over. */
    void hear(Consumer<Heard> listener) {
        consumer.poll(Duration.ofMillis(100)).forEach(written -> listener.accept(Heard.of(written)));
    }

    /** The types heard of each job up to the present end of the topic. */
    Map<String, List<Heard>> all() {
        var heard = new HashMap<String, List<Heard>>();
        var ends = consumer.endOffsets(consumer.assignment());
        consumer.seekToBeginning(consumer.assignment());
        while (ends.keySet().stream().anyMatch(place -> consumer.position(place) < ends.getOrDefault(place, 0L))) {
            hear(event ->
                    heard.computeIfAbsent(event.job(), job -> new ArrayList<>()).add(event));
        }
        return heard;
    }

    @Override
    public void close() {
        consumer.close();
    }

    /**
     * One event.
     *
     * @param sequence 0 if it has none
     */
    record Heard(String job, String id, String type, int sequence) {

        static Heard of(ConsumerRecord<String, byte[]> written) {
            boolean numbered = written.headers().lastHeader("ce_sequence") != null;
            return new Heard(
                    written.key(),
                    header(written, "ce_id"),
                    header(written, "ce_type"),
                    numbered ? Integer.parseInt(header(written, "ce_sequence")) : 0);
        }

        private static String header(ConsumerRecord<String, byte[]> written, String name) {
            return new String(written.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
        }
    }
}
