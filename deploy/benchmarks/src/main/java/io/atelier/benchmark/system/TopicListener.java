package io.atelier.benchmark.system;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Consumes the topics of a system as an external consumer would: by topic names and CloudEvents headers only.
 */
public final class TopicListener implements AutoCloseable {

    private static final List<String> TOPICS =
            List.of("atelier.events", "atelier.generation-requested.default", "atelier.task-reports");
    private static final Duration POLL_TIMEOUT = Duration.ofSeconds(1);

    private final KafkaConsumer<String, byte[]> consumer;
    private final Thread thread;

    /**
     * Starts to consume all records from now on.
     *
     * @param listener called on a single separate thread
     */
    public TopicListener(String brokers, Consumer<ReceivedRecord> listener) {
        Map<String, Object> settings = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers, ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
        var partitions = TOPICS.stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        // Otherwise the end offsets are looked up at the first poll, and earlier records are missed.
        partitions.forEach(consumer::position);
        thread = new Thread(() -> consume(listener), "topics");
        thread.start();
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void consume(Consumer<ReceivedRecord> listener) {
        try (consumer) {
            while (true) {
                var records = consumer.poll(POLL_TIMEOUT);
                long now = System.nanoTime();
                records.forEach(kafkaRecord -> listener.accept(received(kafkaRecord, now)));
            }
        } catch (WakeupException e) {
            // Thrown by close(), the only way to end.
        }
    }

    private static ReceivedRecord received(ConsumerRecord<String, byte[]> kafkaRecord, long now) {
        return new ReceivedRecord(
                kafkaRecord.key(), header(kafkaRecord, "ce_type"), Instant.parse(header(kafkaRecord, "ce_time")), now);
    }

    private static String header(ConsumerRecord<String, byte[]> kafkaRecord, String name) {
        return new String(kafkaRecord.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    /**
     * A received record.
     *
     * @param at the time of the event, from the header {@code ce_time}
     * @param nanos the time of the receipt, by {@link System#nanoTime}
     */
    public record ReceivedRecord(String job, String type, Instant at, long nanos) {}
}
