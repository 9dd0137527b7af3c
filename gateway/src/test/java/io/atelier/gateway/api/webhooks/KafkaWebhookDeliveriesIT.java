package io.atelier.gateway.api.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.Webhook;
import io.atelier.embedded.EmbeddedBroker;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.KafkaClientFactory;
import io.atelier.messaging.Topic;
import io.atelier.messaging.WebhookDelivery;
import io.atelier.messaging.WebhookDelivery.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The deliveries of jobs with a real broker. */
class KafkaWebhookDeliveriesIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final EventCodec CODEC = new EventCodec("test");

    private final Instant created = Instant.now();
    private final Random random = new Random(1);

    @TempDir
    private Path folder;

    @Test
    void lastStateOfEachDeliveryOfTheJobIsRead() throws Exception {
        try (var broker = EmbeddedBroker.start(folder, 0);
                var producer = producer(broker)) {
            createTopic(broker);
            var deliveries = new KafkaWebhookDeliveries(KafkaClientFactory.of(broker.bootstrapServers()));
            var job = job(true);
            assertThat(of(deliveries, job)).isEmpty();

            write(producer, CODEC.record(delivery("a", job, Status.PENDING)));
            write(producer, CODEC.record(delivery("b", job(true), Status.PENDING)));
            write(producer, CODEC.record(delivery("erased", job, Status.PENDING)));
            write(producer, CODEC.record(delivery("a", job, Status.DELIVERED)));
            write(producer, EventCodec.deliveryTombstone("erased"));
            write(producer, new ProducerRecord<>(Topic.WEBHOOK_DELIVERIES, "none", new byte[] {'?'}));

            assertThat(of(deliveries, job)).containsExactly(delivery("a", job, Status.DELIVERED));
            assertThat(of(deliveries, job(false))).isEmpty();
            deliveries.dispose();
        }
    }

    @Test
    void unavailableBrokerIsAProblem() {
        var deliveries = new KafkaWebhookDeliveries(KafkaClientFactory.of("127.0.0.1:1"));

        assertThatThrownBy(() -> of(deliveries, job(true)))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.kind()).isEqualTo(ProblemKind.BROKER_UNAVAILABLE));
        deliveries.dispose();
    }

    private static List<WebhookDelivery> of(WebhookDeliveries deliveries, Job job) {
        return Objects.requireNonNull(deliveries.of(job).block(TIMEOUT));
    }

    private static void createTopic(EmbeddedBroker broker) throws Exception {
        Map<String, Object> settings = Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
        var topics = Topic.all(List.of(), 1).stream()
                .filter(topic -> topic.name().equals(Topic.WEBHOOK_DELIVERIES))
                .toList();
        try (var admin = Admin.create(settings)) {
            admin.createTopics(topics).all().get(30, TimeUnit.SECONDS);
        }
    }

    private static KafkaProducer<String, byte[]> producer(EmbeddedBroker broker) {
        return new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    private static void write(KafkaProducer<String, byte[]> producer, ProducerRecord<String, byte[]> record)
            throws Exception {
        producer.send(record).get(30, TimeUnit.SECONDS);
    }

    private WebhookDelivery delivery(String id, Job job, Status status) {
        return new WebhookDelivery(
                id,
                job.id(),
                "generation.failed",
                "https://example.org/hooks",
                "{}",
                null,
                created,
                status,
                List.of(),
                null);
    }

    private Job job(boolean hasWebhook) {
        var request = GenerationRequest.builder()
                .prompt("a castle")
                .model("test-card")
                .requestedModel("auto")
                .engine("test-card")
                .pool("default")
                .size(new ImageSize(64, 64))
                .webhook(hasWebhook ? new Webhook("https://example.org/hooks", Set.of(JobStatus.FAILED)) : null)
                .build();
        return new Job(
                JobId.create(created, random),
                2,
                JobStatus.FAILED,
                "done",
                created,
                null,
                created,
                1,
                3,
                request,
                null,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null,
                null,
                null,
                null,
                null,
                List.of(),
                null,
                null,
                null,
                null,
                List.of(),
                List.of());
    }
}
