package io.atelier.gateway.api.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.JobId;
import io.atelier.embedded.EmbeddedBroker;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.messaging.DeadLetter;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.KafkaClientFactory;
import io.atelier.messaging.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
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

/** The dead deadLetters with a real broker. */
class KafkaDeadLettersIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

    private final Random random = new Random(1);

    @TempDir
    private Path folder;

    @Test
    void newestDeadLettersOfAllPartitionsAreRead() throws Exception {
        try (var broker = EmbeddedBroker.start(folder, 0);
                var producer = producer(broker)) {
            createTopic(broker);
            var deadLetters = new KafkaDeadLetters(KafkaClientFactory.of(broker.bootstrapServers()));
            assertThat(latest(deadLetters, 5)).isEmpty();

            for (int offset = 0; offset < 40; offset++) {
                write(producer, new EventCodec("test").record(deadLetter(offset)));
            }
            write(producer, new ProducerRecord<>(Topic.DEAD_LETTERS, "none", new byte[] {'?'}));

            assertThat(latest(deadLetters, 5))
                    .extracting(DeadLetterObject::offset)
                    .containsExactly(39L, 38L, 37L, 36L, 35L);
            assertThat(latest(deadLetters, 100)).hasSize(40);
            deadLetters.dispose();
        }
    }

    @Test
    void unavailableBrokerIsAProblem() {
        var deadLetters = new KafkaDeadLetters(KafkaClientFactory.of("127.0.0.1:1"));

        assertThatThrownBy(() -> latest(deadLetters, 5))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.kind()).isEqualTo(ProblemKind.BROKER_UNAVAILABLE));
        deadLetters.dispose();
    }

    private static List<DeadLetterObject> latest(DeadLetters deadLetters, int limit) {
        return Objects.requireNonNull(deadLetters.latest(limit).block(TIMEOUT));
    }

    private static void createTopic(EmbeddedBroker broker) throws Exception {
        Map<String, Object> settings = Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
        var topics = Topic.all(List.of(), 1).stream()
                .filter(topic -> topic.name().equals(Topic.DEAD_LETTERS))
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

    private DeadLetter deadLetter(int offset) {
        return new DeadLetter(
                JobId.create(START, random).value(),
                "generate",
                4,
                START.plusSeconds(offset),
                Topic.SPLIT_REQUESTED,
                0,
                offset,
                new Failure(Failure.Code.POISONED, "It stopped the workers."),
                "{}");
    }
}
