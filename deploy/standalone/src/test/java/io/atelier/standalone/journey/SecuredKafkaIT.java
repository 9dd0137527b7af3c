package io.atelier.standalone.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.atelier.embedded.LoopbackPorts;
import io.atelier.standalone.system.StartFailed;
import io.atelier.standalone.system.SystemPart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** All clients of all services reach a Kafka with SASL and TLS: those of the binders, of Kafka Streams, and those made by hand. */
@Tag("processes")
class SecuredKafkaIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Set<SystemPart> SERVICES =
            Set.of(SystemPart.STORE, SystemPart.GATEWAY, SystemPart.GENERATOR, SystemPart.SPLITTER);

    @TempDir
    private static Path folder;

    private static Map<String, String> variables;
    private static SecuredKafka kafka;
    private static StandaloneSystem system;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        kafka = SecuredKafka.start(folder.resolve("kafka"));
        variables = new HashMap<>(kafka.variables());
        variables.put("ATELIER_S3", "http://127.0.0.1:" + LoopbackPorts.freePort());
        system = StandaloneSystem.start(folder.resolve("system"), SERVICES, variables);
    }

    @AfterAll
    static void stop() {
        system.close();
        kafka.close();
    }

    @Test
    void drawsAndSplits() {
        var id = system.submit("""
            {"prompt":"four cards grid:2x2","model":"test-card","size":"512x512","grid":{"layout":"2x2"}}\
            """).path("id").asString();

        var done = awaitEnd(id);

        assertThat(done.path("status").asString()).isEqualTo("succeeded");
        assertThat(done.path("images")).hasSize(4);
        assertThat(system.get("/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void cancelsARunningTask() {
        var id = system.submit("""
            {"prompt":"a card delay:50s","model":"test-card"}\
            """).path("id").asString();
        await().atMost(TIMEOUT)
                .until(() -> system.generation(id).path("status").asString().equals("running"));

        assertThat(system.cancel(id)).isBetween(200, 299);

        assertThat(awaitEnd(id).path("status").asString()).isEqualTo("canceled");
    }

    @Test
    void readsWhatOnlyKafkaKnows() {
        assertThat(json("/v1/workers")).contains("splitter");
        assertThat(system.get("/v1/dead-letters").statusCode()).isEqualTo(200);
    }

    @Test
    void aWrongPasswordIsSaidAtOnce() {
        var wrong = new HashMap<>(variables);
        wrong.computeIfPresent(
                "SPRING_KAFKA_PROPERTIES_SASL_JAAS_CONFIG", (name, login) -> login.replace("letmein", "wrong"));

        assertThatThrownBy(() -> StandaloneSystem.start(folder.resolve("system"), Set.of(SystemPart.SPLITTER), wrong))
                .isInstanceOf(StartFailed.class)
                .hasMessageContaining("Authentication failed");
    }

    /** A second gateway beside the first would share its jobs, so this one has a broker of its own. */
    @Test
    void aBundleOfSpringBootServesAllClients() throws IOException, InterruptedException {
        try (var other = SecuredKafka.start(folder.resolve("other-kafka"))) {
            var bundle = new HashMap<>(other.variablesWithBundle());
            bundle.put("ATELIER_S3", "http://127.0.0.1:" + LoopbackPorts.freePort());
            try (var second = StandaloneSystem.start(folder.resolve("other-system"), SERVICES, bundle)) {
                var id = second.submit("""
                    {"prompt":"four cards grid:2x2","model":"test-card","size":"512x512","grid":{"layout":"2x2"}}\
                    """).path("id").asString();

                assertThat(awaitEnd(second, id).path("status").asString()).isEqualTo("succeeded");
            }
        }
    }

    private static String json(String path) {
        return new String(system.get(path).body(), StandardCharsets.UTF_8);
    }

    private static JsonNode awaitEnd(String id) {
        return awaitEnd(system, id);
    }

    private static JsonNode awaitEnd(StandaloneSystem system, String id) {
        return await().atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> system.generation(id), job -> job.path("terminal").asBoolean(false));
    }
}
