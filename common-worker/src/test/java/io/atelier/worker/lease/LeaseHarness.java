package io.atelier.worker.lease;

import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.Worker;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.messaging.MessagingProperties;
import io.atelier.messaging.ProvisioningFixture;
import io.atelier.messaging.Samples;
import io.atelier.messaging.Topic;
import io.atelier.worker.cancellation.CanceledJobs;
import io.micrometer.observation.ObservationRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Workers around a pool of their own on a real broker, the orders they get and what they tell. Closing stops them all. */
final class LeaseHarness implements AutoCloseable {

    static final LeaseProperties QUICK = new LeaseProperties(
            Duration.ofSeconds(15),
            Duration.ofMillis(300),
            Duration.ofSeconds(1),
            Duration.ofMillis(500),
            Duration.ofMillis(100),
            Duration.ofMillis(100));

    private final String pool = "pool-" + UUID.randomUUID();
    private final MessagingProperties messaging;
    private final KafkaProducer<String, byte[]> producer;
    private final InMemoryEventPublisher told = new InMemoryEventPublisher();
    private final CanceledJobs canceled = new CanceledJobs();
    private final List<TaskConsumer<?>> loops = new ArrayList<>();

    LeaseHarness(String bootstrapServers) {
        this.messaging = ProvisioningFixture.properties(bootstrapServers, List.of(pool));
        ProvisioningFixture.provisioning(messaging).topics();
        this.producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers, ProducerConfig.LINGER_MS_CONFIG, 0),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** Starts a worker. */
    TaskConsumer<GenerationRequested> worker(int slots, TaskHandler<GenerationRequested> handler) {
        return worker(slots, handler, QUICK);
    }

    TaskConsumer<GenerationRequested> worker(
            int slots, TaskHandler<GenerationRequested> handler, LeaseProperties properties) {
        return worker(slots, handler, properties, renewal(properties));
    }

    TaskConsumer<GenerationRequested> worker(
            int slots,
            TaskHandler<GenerationRequested> handler,
            LeaseProperties properties,
            LeaseListener.Renewal renewal) {
        var loops = new TaskConsumerFactory(new TaskConsumerFactory.Means(
                told,
                ProvisioningFixture.provisioning(messaging),
                canceled,
                LeaseConfiguration.consumers(messaging.bootstrapServers()),
                properties,
                renewal,
                Clock.systemUTC(),
                ObservationRegistry.NOOP));
        var worker = new Worker("worker-" + UUID.randomUUID(), "test-card", "cpu");
        var loop = loops.open(TaskQueue.generations(pool), slots, worker, handler);
        this.loops.add(loop);
        loop.start();
        return loop;
    }

    static LeaseListener.Renewal renewal(LeaseProperties properties) {
        return LeaseListener.Renewal.committed(
                properties.renewInterval(), LeaseConfiguration.renewalTimeout(properties));
    }

    /** Orders a task. All tasks are of one job, so that all lie in one partition. */
    void order(String task) {
        order(Samples.requested(pool, task));
    }

    void order(String task, int maxAttempts) {
        order(Samples.requested(pool, task, maxAttempts, null));
    }

    void order(JobEvent.GenerationRequested order) {
        write(new EventCodec("test").record(topic(), order));
    }

    /** Writes what nobody can read. */
    void garble(String key, String value) {
        write(new ProducerRecord<>(topic(), key, value.getBytes(StandardCharsets.UTF_8)));
    }

    String topic() {
        return Topic.generationRequested(pool);
    }

    /** What its workers have heard of. */
    CanceledJobs canceled() {
        return canceled;
    }

    InMemoryEventPublisher told() {
        return told;
    }

    private void write(ProducerRecord<String, byte[]> written) {
        try {
            producer.send(written).get(30, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("The broker did not take a record", e);
        }
    }

    @Override
    public void close() {
        loops.forEach(TaskConsumer::stop);
        producer.close(Duration.ofSeconds(1));
    }
}
