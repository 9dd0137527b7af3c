package io.atelier.worker.lease;

import io.atelier.contract.job.DeviceName;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.Routing;
import io.atelier.contract.job.Worker;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.messaging.KafkaClientFactory;
import io.atelier.messaging.MessagingProperties;
import io.atelier.messaging.ProvisioningFixture;
import io.atelier.messaging.Samples;
import io.atelier.messaging.Topic;
import io.atelier.worker.cancellation.CanceledJobs;
import io.micrometer.observation.ObservationRegistry;
import java.nio.charset.StandardCharsets;
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

/** Workers of a pool of their own on a real broker, the tasks they get and what they publish. Closing stops them all. */
final class LeaseHarness implements AutoCloseable {

    static final LeaseProperties SHORT = new LeaseProperties(
            Duration.ofSeconds(15),
            Duration.ofMillis(300),
            Duration.ofSeconds(1),
            Duration.ofMillis(500),
            Duration.ofMillis(100),
            Duration.ofMillis(100),
            null);

    private final String pool = "pool-" + UUID.randomUUID();
    private final MessagingProperties messaging;
    private final KafkaProducer<String, byte[]> producer;
    private final InMemoryEventPublisher published = new InMemoryEventPublisher();
    private final CanceledJobs canceled = new CanceledJobs();
    private final List<TaskConsumer<?>> consumers = new ArrayList<>();

    LeaseHarness(String bootstrapServers) {
        this.messaging = ProvisioningFixture.properties(bootstrapServers, List.of(pool));
        ProvisioningFixture.provisioner(messaging).topics();
        this.producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers, ProducerConfig.LINGER_MS_CONFIG, 0),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** Starts a worker. */
    TaskConsumer<GenerationRequested> worker(int slots, TaskHandler<GenerationRequested> handler) {
        return worker(slots, handler, SHORT);
    }

    TaskConsumer<GenerationRequested> worker(
            int slots, TaskHandler<GenerationRequested> handler, LeaseProperties properties) {
        return worker(slots, handler, properties, renewal(properties));
    }

    /** Starts what leases the tasks that require a device of a kind. */
    TaskConsumer<GenerationRequested> worker(int slots, DeviceName device, TaskHandler<GenerationRequested> handler) {
        return worker(slots, TaskQueue.generations(pool, device), handler, SHORT, renewal(SHORT));
    }

    TaskConsumer<GenerationRequested> worker(
            int slots, TaskHandler<GenerationRequested> handler, LeaseProperties properties, LeaseRenewal renewal) {
        return worker(slots, TaskQueue.generations(pool), handler, properties, renewal);
    }

    private TaskConsumer<GenerationRequested> worker(
            int slots,
            TaskQueue<GenerationRequested> queue,
            TaskHandler<GenerationRequested> handler,
            LeaseProperties properties,
            LeaseRenewal renewal) {
        var factory = new TaskConsumerFactory(
                published,
                ProvisioningFixture.provisioner(messaging),
                canceled,
                LeaseConfiguration.consumers(KafkaClientFactory.of(messaging.bootstrapServers())),
                properties,
                renewal,
                ObservationRegistry.NOOP);
        var worker = new Worker("worker-" + UUID.randomUUID(), "test-card", "cpu");
        var consumer = factory.create(queue, slots, worker, handler);
        consumers.add(consumer);
        consumer.start();
        return consumer;
    }

    static LeaseRenewal renewal(LeaseProperties properties) {
        return LeaseRenewal.committed(properties.renewInterval(), LeaseConfiguration.renewalTimeout(properties));
    }

    /** Publishes a task. All tasks belong to one job, so that all are in one partition. */
    void publish(String task) {
        publish(Samples.requested(pool, task));
    }

    void publish(String task, int maxAttempts) {
        publish(Samples.requested(pool, task, maxAttempts, null));
    }

    void publish(JobEvent.GenerationRequested task) {
        write(new EventCodec("test").record(Topic.of(task), task));
    }

    /** Publishes a task that requires a device. */
    void publish(String task, DeviceName device) {
        var any = Samples.requested(pool, task);
        var request = any.request().toBuilder()
                .routing(new Routing(null, List.of()).withDevice(device))
                .build();
        publish(new GenerationRequested(
                any.job(), any.task(), any.attempt(), any.maxAttempts(), any.at(), any.notBefore(), request));
    }

    /** Writes a record that is no task. */
    void publishUnreadable(String key, String value) {
        write(new ProducerRecord<>(topic(), key, value.getBytes(StandardCharsets.UTF_8)));
    }

    String topic() {
        return Topic.generationRequested(pool);
    }

    /** The canceled jobs that its workers know. */
    CanceledJobs canceled() {
        return canceled;
    }

    InMemoryEventPublisher published() {
        return published;
    }

    private void write(ProducerRecord<String, byte[]> record) {
        try {
            producer.send(record).get(30, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("The broker did not take a record", e);
        }
    }

    @Override
    public void close() {
        consumers.forEach(TaskConsumer::stop);
        producer.close(Duration.ofSeconds(1));
    }
}
