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

/** The dead letters of a real broker. */
class KafkaDeadLettersIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Instant BEGIN = Instant.parse("2026-11-21T10:00:00Z");

    private final Random random = new Random(1);

    @TempDir
    private Path folder;

    @Test
    void newestLettersOfAllPartitionsAreReadAndNothingElse() throws Exception {
        try (var broker = EmbeddedBroker.start(folder, 0);
                var producer = producer(broker)) {
            makeTopic(broker);
            var letters = new KafkaDeadLetters(broker.bootstrapServers());
            assertThat(latest(letters, 5)).isEmpty();

            for (int offset = 0; offset < 40; offset++) {
                write(producer, new EventCodec("test").record(letter(offset)));
            }
            write(producer, new ProducerRecord<>(Topic.DEAD_LETTERS, "none", new byte[] {'?'}));

            assertThat(latest(letters, 5))
                    .extracting(DeadLetterObject::offset)
                    .containsExactly(39L, 38L, 37L, 36L, 35L);
            assertThat(latest(letters, 100)).hasSize(40);
            letters.dispose();
        }
    }

    @Test
    void brokerThatDoesNotAnswerIsAProblem() {
        var letters = new KafkaDeadLetters("127.0.0.1:1");

        assertThatThrownBy(() -> latest(letters, 5))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.kind()).isEqualTo(ProblemKind.BROKER_UNAVAILABLE));
        letters.dispose();
    }

    private static List<DeadLetterObject> latest(DeadLetters letters, int limit) {
        return Objects.requireNonNull(letters.latest(limit).block(PATIENCE));
    }

    private static void makeTopic(EmbeddedBroker broker) throws Exception {
        Map<String, Object> settings = Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
        var topic = Topic.all(List.of(), 1).stream()
                .filter(one -> one.name().equals(Topic.DEAD_LETTERS))
                .toList();
        try (var admin = Admin.create(settings)) {
            admin.createTopics(topic).all().get(30, TimeUnit.SECONDS);
        }
    }

    private static KafkaProducer<String, byte[]> producer(EmbeddedBroker broker) {
        return new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    private static void write(KafkaProducer<String, byte[]> producer, ProducerRecord<String, byte[]> written)
            throws Exception {
        producer.send(written).get(30, TimeUnit.SECONDS);
    }

    private DeadLetter letter(int offset) {
        return new DeadLetter(
                JobId.create(BEGIN, random).value(),
                "generate",
                4,
                BEGIN.plusSeconds(offset),
                Topic.SPLIT_REQUESTED,
                0,
                offset,
                new Failure(Failure.Code.POISONED, "It stopped the workers."),
                "{}");
    }
}
