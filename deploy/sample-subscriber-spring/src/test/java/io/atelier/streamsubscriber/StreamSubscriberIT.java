package io.atelier.streamsubscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.embedded.EmbeddedBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.json.JsonMapper;

/** The subscriber with a real broker, which asks for a password, and the golden records of the contract. */
@ExtendWith(OutputCaptureExtension.class)
class StreamSubscriberIT {

    private static final JsonMapper JSON = new JsonMapper();

    private static final String LOGIN =
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"reader\" password=\"letmein\"";
    private static final Map<String, String> BROKER_SECURITY = Map.of(
            "listener.security.protocol.map",
            "CLIENTS:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
            "sasl.enabled.mechanisms",
            "PLAIN",
            "sasl.mechanism.inter.broker.protocol",
            "PLAIN",
            "listener.name.clients.plain.sasl.jaas.config",
            LOGIN + " user_reader=\"letmein\";");

    @TempDir
    private Path data;

    @Test
    void logsTheJobsThatSucceededAndNothingElse(CapturedOutput output)
            throws IOException, ExecutionException, InterruptedException {
        try (var broker = EmbeddedBroker.start(data, 0, BROKER_SECURITY)) {
            try (var admin = Admin.create(client(broker))) {
                admin.createTopics(List.of(new NewTopic("atelier.events", 1, (short) 1)))
                        .all()
                        .get();
            }
            send(
                    broker,
                    "generation-accepted",
                    "generation-started",
                    "generation-succeeded",
                    "generation-failed",
                    "generation-erased");

            try (var subscriber = SpringApplication.run(
                    StreamSubscriber.class,
                    // As the variables SPRING_KAFKA_... set them.
                    "--ATELIER_KAFKA=" + broker.bootstrapServers(),
                    "--spring.kafka.security.protocol=SASL_PLAINTEXT",
                    "--spring.kafka.properties.sasl.mechanism=PLAIN",
                    "--spring.kafka.properties.sasl.jaas.config=" + LOGIN + ";")) {
                assertThat(subscriber.isActive()).isTrue();
                await("the success")
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> output.getOut().contains("gen_01kb9q4v6ye7m8c3r5t2w0x1za succeeded: {"));
                // The last event of the topic comes after the success: the consumer has read it when its offset is
                // committed.
                await("the last event").atMost(Duration.ofSeconds(60)).until(() -> committed(broker) == 5);
            }

            assertThat(output.getOut().lines().filter(line -> line.contains("StreamSubscriber - gen_")))
                    .hasSize(1);
        }
    }

    private static long committed(EmbeddedBroker broker) throws ExecutionException, InterruptedException {
        try (var admin = Admin.create(client(broker))) {
            return admin
                    .listConsumerGroupOffsets("sample-subscriber-spring")
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .values()
                    .stream()
                    .mapToLong(offset -> offset.offset())
                    .sum();
        }
    }

    private static Map<String, Object> client(EmbeddedBroker broker) {
        return Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                LOGIN + ";");
    }

    private static void send(EmbeddedBroker broker, String... names)
            throws IOException, ExecutionException, InterruptedException {
        try (var producer = new KafkaProducer<>(client(broker), new StringSerializer(), new ByteArraySerializer())) {
            for (var name : names) {
                producer.send(golden(name)).get();
            }
        }
    }

    private static ProducerRecord<String, byte[]> golden(String name) throws IOException {
        var path = "/wire/1.1/" + name + ".json";
        try (var file = Objects.requireNonNull(StreamSubscriberIT.class.getResourceAsStream(path), path)) {
            var content = JSON.readTree(file.readAllBytes());
            var event = new ProducerRecord<>(
                    content.get("topic").asString(),
                    content.get("key").asString(),
                    content.get("value").toString().getBytes(StandardCharsets.UTF_8));
            content.get("headers")
                    .properties()
                    .forEach(header -> event.headers()
                            .add(header.getKey(), header.getValue().asString().getBytes(StandardCharsets.UTF_8)));
            return event;
        }
    }
}
