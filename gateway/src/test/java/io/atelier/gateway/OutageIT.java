package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators ask a gateway whose bucket is missing, or whose broker is away. */
class OutageIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration LIMIT = Duration.ofSeconds(2);

    @TempDir
    static Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void healthAndMetricsAreAnsweredWithinTwoSecondsWithoutABroker() throws Exception {
        var broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
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
            assertThat(get(url + "/readyz").body()).contains("degraded").contains("no bucket 'atelier'");
            gateway.getBean(ObjectStore.class).prepare().join();
            await().atMost(TIMEOUT).until(() -> get(url + "/actuator/health").statusCode() == 200);
            await().atMost(TIMEOUT)
                    .until(() -> get(url + "/actuator/prometheus")
                            .body()
                            .contains("spring_cloud_stream_binder_kafka_offset{group=\"erasers\""));

            broker.close();

            // The results of the checks are kept for two seconds.
            await().atMost(TIMEOUT).until(() -> inTime(url + "/actuator/health") == 503);
            for (int time = 0; time < 3; time++) {
                assertThat(inTime(url + "/actuator/health")).isEqualTo(503);
                assertThat(inTime(url + "/actuator/prometheus")).isEqualTo(200);
                assertThat(inTime(url + "/readyz")).isEqualTo(503);
                assertThat(inTime(url + "/livez")).isEqualTo(200);
            }
        }
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
