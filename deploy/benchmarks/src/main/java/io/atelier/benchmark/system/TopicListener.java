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
 * Hears what a system says on its topics, as it is written, as another team's consumer would: by the names of topics and the headers of
 * CloudEvents.
 */
public final class TopicListener implements AutoCloseable {

    private static final List<String> HEARD =
            List.of("atelier.events", "atelier.generation-requested.default", "atelier.task-reports");
    private static final Duration POLL = Duration.ofSeconds(1);

    private final KafkaConsumer<String, byte[]> consumer;
    private final Thread thread;

    /**
     * Hears everything from now on.
     *
     * @param listener called on one thread of its own
     */
    public TopicListener(String brokers, Consumer<Heard> listener) {
        Map<String, Object> settings = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers, ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
        var places = HEARD.stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(places);
        consumer.seekToEnd(places);
        // Otherwise the ends are looked up at the first poll, and what was written before it is not heard.
        places.forEach(consumer::position);
        thread = new Thread(() -> hear(listener), "topics");
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

    private void hear(Consumer<Heard> listener) {
        try (consumer) {
            while (true) {
                var records = consumer.poll(POLL);
                long now = System.nanoTime();
                records.forEach(written -> listener.accept(heard(written, now)));
            }
        } catch (WakeupException e) {
            // Closed: the only way out.
        }
    }

    private static Heard heard(ConsumerRecord<String, byte[]> written, long now) {
        return new Heard(written.key(), header(written, "ce_type"), Instant.parse(header(written, "ce_time")), now);
    }

    private static String header(ConsumerRecord<String, byte[]> written, String name) {
        return new String(written.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    /**
     * A record, as it was heard.
     *
     * @param at when it happened, as its writer says
     * @param nanos when it came here, by {@link System#nanoTime}
     */
    public record Heard(String job, String type, Instant at, long nanos) {}
}
