package io.atelier.generator;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequest.Metadata;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobId;
import io.atelier.messaging.EventCodec;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Orders pictures as the gateway does: one record each, one after the other. Waits for a topic that is not there yet. */
final class TaskFixtures implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;

    private final EventCodec wire = new EventCodec("gateway");
    private final KafkaProducer<String, byte[]> producer;

    TaskFixtures(String bootstrapServers) {
        this.producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** Orders one picture of an engine that asks a server elsewhere; returns when the broker has the order. */
    JobId order(String engine, String prompt) throws InterruptedException {
        var now = Instant.now();
        var request = new GenerationRequest(
                prompt,
                null,
                "a-model",
                "auto",
                engine,
                "remote",
                1,
                new ImageSize(1024, 1024),
                null,
                null,
                40,
                null,
                Metadata.FULL,
                Map.of(),
                null,
                GenerationRequest.Terms.NONE);
        var order =
                new GenerationRequested(JobId.create(now, new SecureRandom()), "generate", 1, 3, now, null, request);
        try {
            producer.send(wire.record(EventCodec.topicOf(order), order)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("The broker did not take the order", e);
        }
        return order.job();
    }

    @Override
    public void close() {
        producer.close();
    }
}
