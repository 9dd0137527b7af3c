package io.atelier.generator;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequest.Metadata;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.TaskRequest;
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

/** Publishes generation tasks like the lifecycle: one record each, one after the other. Waits until the topic exists. */
final class TaskFixtures implements AutoCloseable {

    private static final long SEND_TIMEOUT_SECONDS = 60;

    private final EventCodec codec = new EventCodec("gateway");
    private final KafkaProducer<String, byte[]> producer;

    TaskFixtures(String bootstrapServers) {
        this.producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** Publishes a task for one image in the remote pool; returns when the broker has stored the record. */
    JobId publish(String engine, String prompt) throws InterruptedException {
        var now = Instant.now();
        var request = GenerationRequest.builder()
                .prompt(prompt)
                .model("a-model")
                .requestedModel("auto")
                .engine(engine)
                .pool("remote")
                .size(new ImageSize(1024, 1024))
                .seed(40)
                .metadata(Metadata.FULL)
                .build();
        var task = new GenerationRequested(JobId.create(now, new SecureRandom()), "generate", 1, 3, now, null, request);
        publish(task);
        return task.job();
    }

    /** Publishes a task on the topic of its kind; returns when the broker has stored the record. */
    void publish(TaskRequest task) throws InterruptedException {
        try {
            producer.send(codec.record(task)).get(SEND_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("The broker did not accept the task", e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
