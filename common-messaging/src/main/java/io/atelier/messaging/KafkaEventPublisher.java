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
 * Publishes to Kafka: facts through an idempotent producer that waits for all replicas, progress through one that waits for nobody. The
 * trace of the calling thread goes along with facts.
 */
final class KafkaEventPublisher implements EventPublisher, AutoCloseable {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final MessagingProperties properties;
    private final EventCodec wire;
    private final DefaultKafkaProducerFactory<String, byte[]> factory;
    private final KafkaTemplate<String, byte[]> facts;
    private final Producer<String, byte[]> progress;

    KafkaEventPublisher(MessagingProperties properties, ObservationRegistry observations) {
        this.properties = properties;
        this.wire = new EventCodec(properties.component());
        this.factory = new DefaultKafkaProducerFactory<>(
                reliable(properties), new StringSerializer(), new ByteArraySerializer());
        factory.setPhysicalCloseTimeout((int) CLOSE_TIMEOUT.toSeconds());
        this.facts = new KafkaTemplate<>(factory);
        facts.setObservationRegistry(observations);
        facts.setObservationEnabled(true);
        // The default one writes whole records into the log, prompts included.
        facts.setProducerListener(new ProducerListener<>() {});
        this.progress = new KafkaProducer<>(fleeting(properties), new StringSerializer(), new ByteArraySerializer());
    }

    @Override
    public CompletableFuture<Void> publish(JobEvent event) {
        return send(wire.record(Topic.of(event), event));
    }

    @Override
    public CompletableFuture<Void> publish(SplitRequested order) {
        return send(wire.record(order));
    }

    @Override
    public CompletableFuture<Void> publish(WorkerAnnounced worker) {
        return send(wire.record(worker));
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored")
    public void publish(TaskProgress told) {
        progress.send(wire.record(told), (metadata, failure) -> {});
    }

    @Override
    public CompletableFuture<Void> deadLetter(DeadLetter letter) {
        return send(wire.record(letter));
    }

    @Override
    public void close() {
        factory.destroy();
        progress.close(Duration.ZERO);
    }

    /** Fails with the exception itself, not one wrapped around it: callers ask for its type. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private CompletableFuture<Void> send(ProducerRecord<String, byte[]> written) {
        CompletableFuture<Void> confirmed = new CompletableFuture<>();
        try {
            facts.send(written).whenComplete((result, failure) -> {
                if (failure == null) {
                    confirmed.complete(null);
                } else {
                    confirmed.completeExceptionally(failed(written, failure));
                }
            });
        } catch (KafkaException | org.apache.kafka.common.KafkaException e) {
            confirmed.completeExceptionally(failed(written, e));
        }
        return confirmed;
    }

    private PublishingFailed failed(ProducerRecord<String, byte[]> written, Throwable cause) {
        return new PublishingFailed(
                "Kafka at %s did not confirm a record of job %s on topic %s; see the cause. It waits %d ms at most."
                        .formatted(
                                properties.bootstrapServers(),
                                written.key(),
                                written.topic(),
                                properties.deliveryTimeout().toMillis()),
                cause);
    }

    private static Map<String, Object> reliable(MessagingProperties properties) {
        var configs = common(properties, "-facts");
        int delivery = Math.toIntExact(properties.deliveryTimeout().toMillis());
        configs.put(ProducerConfig.ACKS_CONFIG, "all");
        configs.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        configs.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, delivery);
        configs.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(delivery, 10_000));
        configs.put(
                ProducerConfig.MAX_BLOCK_MS_CONFIG, properties.metadataTimeout().toMillis());
        return configs;
    }

    /** Nobody waits: what cannot go out at once is dropped, and never holds up the work it speaks of. */
    private static Map<String, Object> fleeting(MessagingProperties properties) {
        var configs = common(properties, "-progress");
        configs.put(ProducerConfig.ACKS_CONFIG, "0");
        configs.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        configs.put(ProducerConfig.RETRIES_CONFIG, 0);
        configs.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 2_000);
        configs.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000);
        configs.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
        configs.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 1L << 20);
        return configs;
    }

    private static Map<String, Object> common(MessagingProperties properties, String purpose) {
        var configs = new HashMap<String, Object>();
        configs.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, properties.bootstrapServers());
        configs.put(ProducerConfig.CLIENT_ID_CONFIG, properties.component() + purpose);
        configs.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        configs.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
        return configs;
    }
}
