package io.atelier.subscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.embedded.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The subscriber reaches a broker that asks for a password, with the client properties of its file. */
class SecuredBrokerIT {

    private static final String LOGIN =
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"reader\" password=\"%s\"%s;";

    @TempDir
    private Path folder;

    @Test
    void readsWithThePasswordOfTheFileOnly() throws IOException, ExecutionException, InterruptedException {
        var security = Map.of(
                "listener.security.protocol.map",
                "CLIENTS:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                "sasl.enabled.mechanisms",
                "PLAIN",
                "sasl.mechanism.inter.broker.protocol",
                "PLAIN",
                "listener.name.clients.plain.sasl.jaas.config",
                LOGIN.formatted("letmein", " user_reader=\"letmein\""));
        try (var broker = EmbeddedBroker.start(folder.resolve("broker"), 0, security)) {
            var settings = settings(broker, "letmein");
            try (var admin = Admin.create(Map.copyOf(settings.client()))) {
                admin.createTopics(List.of(new NewTopic(JobTopicSnapshot.JOBS, 1, (short) 1)))
                        .all()
                        .get();
            }

            assertThat(partitions(settings)).isEqualTo(1);
            assertThatThrownBy(() -> partitions(settings(broker, "wrong")))
                    .isInstanceOf(SaslAuthenticationException.class);
        }
    }

    private static int partitions(SubscriberSettings settings) {
        try (var consumer = new KafkaConsumer<>(
                settings.standaloneConsumer(), new StringDeserializer(), new ByteArrayDeserializer())) {
            return consumer.partitionsFor(JobTopicSnapshot.JOBS).size();
        }
    }

    private SubscriberSettings settings(EmbeddedBroker broker, String password) throws IOException {
        var file = Files.writeString(
                folder.resolve("client.properties"),
                String.join(
                        "\n",
                        "security.protocol=SASL_PLAINTEXT",
                        "sasl.mechanism=PLAIN",
                        "sasl.jaas.config=" + LOGIN.formatted(password, "")));
        return SubscriberSettings.of(
                Map.of("ATELIER_KAFKA", broker.bootstrapServers(), "SUBSCRIBER_KAFKA_CONFIG", file.toString()));
    }
}
