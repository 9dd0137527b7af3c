package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.atelier.embedded.EmbeddedBroker;
import io.atelier.embedded.EmbeddedObjectStore;
import io.atelier.storage.ObjectStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** What operators see of a gateway whose bucket is missing, or whose broker is away for a while. */
@Tag("processes")
class OutageIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private static final Duration OUTAGE = Duration.ofSeconds(20);
    /** Its beginning, its end, and what a client of Kafka may have to say about each. */
    private static final int A_FEW = 6;

    private static final String AWAY = "No Kafka broker answers";
    /** Loggers of the broker, which runs in the same JVM here. */
    private static final Pattern BROKER =
            Pattern.compile("(kafka|state\\.change|org\\.apache\\.kafka\\.(?!clients|streams|common))\\..*");

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    static Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void anOutageOfTheBrokerIsAnsweredInTimeLoggedOnceAndEndsByItself() throws Exception {
        var broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
        int port = Integer.parseInt(broker.bootstrapServers().replaceAll(".*:", ""));
        try (var server = EmbeddedObjectStore.start(folder.resolve("store"), 0, "key", "secret-of-the-test");
                var gateway = GatewayApplication.application()
                        .run(
                                "--ATELIER_KAFKA=" + broker.bootstrapServers(),
                                "--ATELIER_S3=" + server.endpoint(),
                                "--ATELIER_S3_ACCESS_KEY=key",
                                "--ATELIER_S3_SECRET_KEY=secret-of-the-test",
                                "--ATELIER_DATA=" + folder.resolve("data"),
                                "--ATELIER_HTTP_PORT=0")) {
            var url = "http://127.0.0.1:" + gateway.getEnvironment().getProperty("local.server.port");
            await().atMost(TIMEOUT).until(() -> get(url + "/readyz").statusCode() == 200);
            // No worker has created the bucket yet.
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(get(url + "/readyz").body())
                            .contains("degraded")
                            .contains("no bucket 'atelier'"));
            await().atMost(TIMEOUT).until(() -> notices(url).contains("no bucket 'atelier'"));
            gateway.getBean(ObjectStore.class).prepare().join();
            await().atMost(TIMEOUT).until(() -> get(url + "/actuator/health").statusCode() == 200);
            await().atMost(TIMEOUT)
                    .until(() -> get(url + "/actuator/prometheus").body().contains("atelier_erasure_lag 0.0"));
            // The consumers that count for this metric can keep a gateway from stopping.
            assertThat(get(url + "/actuator/prometheus").body())
                    .doesNotContain("spring_cloud_stream_binder_kafka_offset");
            await().atMost(TIMEOUT).until(() -> notices(url).isEmpty());
            var log = new ListAppender<ILoggingEvent>();
            log.start();
            // The application has configured the logging.
            ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).addAppender(log);

            broker.close();
            var end = Instant.now().plus(OUTAGE);

            // The results of the checks are kept for two seconds.
            await().atMost(TIMEOUT).until(() -> inTime(url + "/actuator/health") == 503);
            for (int time = 0; time < 3; time++) {
                assertThat(inTime(url + "/actuator/health")).isEqualTo(503);
                assertThat(inTime(url + "/actuator/prometheus")).isEqualTo(200);
                assertThat(inTime(url + "/readyz")).isEqualTo(503);
                assertThat(inTime(url + "/livez")).isEqualTo(200);
                assertThat(inTime(url + "/v1/generations/gen_06dahq1v1tw0f8v0sjy2m7sqs0"))
                        .isEqualTo(503);
            }
            await().atMost(TIMEOUT).until(() -> notices(url).contains(AWAY));
            assertThat(get(url + "/readyz").body()).contains(AWAY);
            await().atMost(TIMEOUT).until(() -> Instant.now().isAfter(end));

            try (var again = EmbeddedBroker.start(folder.resolve("broker"), port)) {
                assertThat(again.bootstrapServers()).endsWith(":" + port);
                await().atMost(TIMEOUT).until(() -> get(url + "/readyz").statusCode() == 200);
                await().atMost(TIMEOUT).until(() -> notices(url).isEmpty());

                var lines = warnings(log);
                assertThat(lines).hasSizeLessThanOrEqualTo(A_FEW);
                assertThat(lines).filteredOn(line -> line.contains(AWAY)).hasSize(1);
                assertThat(lines)
                        .filteredOn(line -> line.contains("A Kafka broker answers again."))
                        .hasSize(1);
            }
        } finally {
            // One that runs without its folder ends the JVM of all tests.
            broker.close();
        }
    }

    /** The lines of the gateway at level WARN and above. */
    private static List<String> warnings(ListAppender<ILoggingEvent> log) {
        return List.copyOf(log.list).stream()
                .filter(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
                .filter(line -> !BROKER.matcher(line.getLoggerName()).matches())
                .map(ILoggingEvent::toString)
                .toList();
    }

    /** The sentences as JSON; empty if there are none, because they are left out then. */
    private String notices(String url) throws IOException, InterruptedException {
        return JSON.readTree(get(url + "/v1/queue").body()).path("notices").toString();
    }

    private int inTime(String url) throws IOException, InterruptedException {
        long start = System.nanoTime();
        int status = get(url).statusCode();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).as(url).isLessThan(LIMIT);
        return status;
    }

    private HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
    }
}
