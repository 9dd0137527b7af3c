package io.atelier.messaging;

import io.atelier.contract.job.JobEvent;
import io.atelier.contract.work.SplitRequested;
import io.atelier.contract.work.WorkerCommand;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.ProducerListener;

/**
 * Publishes with an idempotent Kafka producer that waits for all in-sync replicas. The trace context of the calling thread is added to all
 * records.
 */
final class KafkaEventPublisher implements EventPublisher, AutoCloseable {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final MessagingProperties properties;
    private final EventCodec codec;
    private final DefaultKafkaProducerFactory<String, byte[]> factory;
    private final KafkaTemplate<String, byte[]> template;

    KafkaEventPublisher(MessagingProperties properties, KafkaClientFactory clients, ObservationRegistry observations) {
        this.properties = properties;
        this.codec = new EventCodec(properties.component());
        this.factory = new DefaultKafkaProducerFactory<>(
                clients.producerSettings(configs(properties)), new StringSerializer(), new ByteArraySerializer());
        factory.setPhysicalCloseTimeout((int) CLOSE_TIMEOUT.toSeconds());
        this.template = new KafkaTemplate<>(factory);
        template.setObservationRegistry(observations);
        template.setObservationEnabled(true);
        // The default listener logs whole records, including prompts.
        template.setProducerListener(new ProducerListener<>() {});
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
    public CompletableFuture<Void> publish(WorkerCommand command) {
        return send(codec.record(command));
    }

    @Override
    public CompletableFuture<Void> forward(ForwardedTask task) {
        return send(task.record());
    }

    @Override
    public CompletableFuture<Void> deadLetter(DeadLetter deadLetter) {
        return send(codec.record(deadLetter));
    }

    @Override
    public CompletableFuture<Void> publish(WebhookDelivery delivery) {
        return send(codec.record(delivery));
    }

    @Override
    public void close() {
        factory.destroy();
    }

    /** The returned future fails with {@link PublishingFailed} itself, not wrapped, because callers check its type. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private CompletableFuture<Void> send(ProducerRecord<String, byte[]> record) {
        CompletableFuture<Void> confirmed = new CompletableFuture<>();
        try {
            template.send(record).whenComplete((result, failure) -> {
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

    private static Map<String, Object> configs(MessagingProperties properties) {
        var configs = new HashMap<String, Object>();
        int delivery = Math.toIntExact(properties.deliveryTimeout().toMillis());
        configs.put(ProducerConfig.CLIENT_ID_CONFIG, properties.component() + "-facts");
        configs.put(ProducerConfig.ACKS_CONFIG, "all");
        configs.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        configs.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        configs.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, delivery);
        configs.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(delivery, 10_000));
        configs.put(
                ProducerConfig.MAX_BLOCK_MS_CONFIG, properties.metadataTimeout().toMillis());
        configs.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
        return configs;
    }
}
