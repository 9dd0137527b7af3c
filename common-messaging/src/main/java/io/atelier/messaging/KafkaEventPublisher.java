package io.atelier.messaging;

import io.atelier.contract.job.JobEvent;
import io.atelier.contract.work.SplitRequested;
import io.atelier.contract.work.TaskProgress;
import io.atelier.contract.work.WorkerAnnounced;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.ProducerListener;

/**
 * Publishes with two Kafka producers: an idempotent one that waits for all in-sync replicas, and one without acknowledgements for progress. The
 * trace context of the calling thread is added to all records except progress.
 */
final class KafkaEventPublisher implements EventPublisher, AutoCloseable {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final MessagingProperties properties;
    private final EventCodec codec;
    private final DefaultKafkaProducerFactory<String, byte[]> factory;
    private final KafkaTemplate<String, byte[]> reliable;
    private final Producer<String, byte[]> progress;

    KafkaEventPublisher(MessagingProperties properties, ObservationRegistry observations) {
        this.properties = properties;
        this.codec = new EventCodec(properties.component());
        this.factory = new DefaultKafkaProducerFactory<>(
                reliableConfigs(properties), new StringSerializer(), new ByteArraySerializer());
        factory.setPhysicalCloseTimeout((int) CLOSE_TIMEOUT.toSeconds());
        this.reliable = new KafkaTemplate<>(factory);
        reliable.setObservationRegistry(observations);
        reliable.setObservationEnabled(true);
        // The default listener logs whole records, including prompts.
        reliable.setProducerListener(new ProducerListener<>() {});
        this.progress =
                new KafkaProducer<>(lossyConfigs(properties), new StringSerializer(), new ByteArraySerializer());
    }

    @Override
    public CompletableFuture<Void> publish(JobEvent event) {
        return send(codec.record(Topic.of(event), event));
    }

    @Override
    public CompletableFuture<Void> publish(SplitRequested task) {
        return send(codec.record(task));
    }

    @Override
    public CompletableFuture<Void> publish(WorkerAnnounced worker) {
        return send(codec.record(worker));
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored")
    public void publish(TaskProgress update) {
        progress.send(codec.record(update), (metadata, failure) -> {});
    }

    @Override
    public CompletableFuture<Void> deadLetter(DeadLetter deadLetter) {
        return send(codec.record(deadLetter));
    }

    @Override
    public void close() {
        factory.destroy();
        progress.close(Duration.ZERO);
    }

    /** The returned future fails with {@link PublishingFailed} itself, not wrapped, because callers check its type. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private CompletableFuture<Void> send(ProducerRecord<String, byte[]> record) {
        CompletableFuture<Void> confirmed = new CompletableFuture<>();
        try {
            reliable.send(record).whenComplete((result, failure) -> {
                if (failure == null) {
                    confirmed.complete(null);
                } else {
                    confirmed.completeExceptionally(failed(record, failure));
                }
            });
        } catch (KafkaException | org.apache.kafka.common.KafkaException e) {
            confirmed.completeExceptionally(failed(record, e));
        }
        return confirmed;
    }

    private PublishingFailed failed(ProducerRecord<String, byte[]> record, Throwable cause) {
        return new PublishingFailed(
                "Kafka at %s did not confirm a record with key %s on topic %s within %d ms; see the cause."
                        .formatted(
                                properties.bootstrapServers(),
                                record.key(),
                                record.topic(),
                                properties.deliveryTimeout().toMillis()),
                cause);
    }

    private static Map<String, Object> reliableConfigs(MessagingProperties properties) {
        var configs = commonConfigs(properties, "-facts");
        int delivery = Math.toIntExact(properties.deliveryTimeout().toMillis());
        configs.put(ProducerConfig.ACKS_CONFIG, "all");
        configs.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        configs.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, delivery);
        configs.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(delivery, 10_000));
        configs.put(
                ProducerConfig.MAX_BLOCK_MS_CONFIG, properties.metadataTimeout().toMillis());
        return configs;
    }

    /** Drops records that cannot be sent at once, so that progress never delays the task. */
    private static Map<String, Object> lossyConfigs(MessagingProperties properties) {
        var configs = commonConfigs(properties, "-progress");
        configs.put(ProducerConfig.ACKS_CONFIG, "0");
        configs.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        configs.put(ProducerConfig.RETRIES_CONFIG, 0);
        configs.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 2_000);
        configs.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000);
        configs.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
        configs.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 1L << 20);
        return configs;
    }

    private static Map<String, Object> commonConfigs(MessagingProperties properties, String purpose) {
        var configs = new HashMap<String, Object>();
        configs.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, properties.bootstrapServers());
        configs.put(ProducerConfig.CLIENT_ID_CONFIG, properties.component() + purpose);
        configs.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        configs.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
        return configs;
    }
}
