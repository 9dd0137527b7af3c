package io.atelier.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.storage.ObjectStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** The HTTP port of a worker that runs alone. */
@Tag("processes")
class GeneratorProcessIT {

    @TempDir
    private static Path folder;

    private static EmbeddedServers servers;
    private static ConfigurableApplicationContext worker;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        servers = EmbeddedServers.start(folder);
        worker = GeneratorApplication.application().run(servers.settings());
    }

    @AfterAll
    static void stop() {
        worker.close();
        servers.close();
    }

    /** What one test breaks, the others need. */
    @AfterEach
    void repair() {
        servers.startStoreAgain();
        worker.getBean(ObjectStore.class).prepare().join();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> get("/readyz").statusCode() == 200);
    }

    @Test
    void aWorkerIsReadyWhileItLeasesTasksAndReachesTheStore() throws Exception {
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        var ready = get("/readyz");
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(ready.body())
                .contains("leases")
                .contains("2 of 2 slots lease")
                .contains("objectStore");

        servers.stopStore();

        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/livez").statusCode()).isEqualTo(200);
    }

    @Test
    void aDeletedBucketIsSeenAndNotCreatedAgain() throws Exception {
        assertThat(get("/readyz").statusCode()).isEqualTo(200);

        servers.deleteBucket();

        for (int probe = 0; probe < 2; probe++) {
            var ready = get("/readyz");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).contains("no bucket 'atelier'");
        }
    }

    @Test
    void aForeignHostIsNotAnswered() throws Exception {
        for (var path : List.of("/readyz", "/livez", "/actuator/health", "/actuator/metrics")) {
            assertThat(status(path, "evil.example")).isEqualTo(421);
            assertThat(status(path, "localhost")).isEqualTo(200);
        }
    }

    /** Over a plain socket, because the HTTP client sets this header itself. */
    private int status(String path, String host) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout(30_000);
            var request = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            var response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Integer.parseInt(response.substring(9, 12));
        }
    }

    private int port() {
        return Objects.requireNonNull(((WebServerApplicationContext) worker).getWebServer())
                .getPort();
    }

    @Test
    void aWorkerHasMetricsForPrometheus() throws Exception {
        var metrics = get("/actuator/prometheus");

        assertThat(metrics.statusCode()).isEqualTo(200);
        assertThat(metrics.body())
                .contains("jvm_memory_used_bytes")
                // The consumers that count for this metric can keep a worker from stopping.
                .doesNotContain("spring_cloud_stream_binder_kafka_offset");
    }

    private HttpResponse<String> get(String path) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(Duration.ofSeconds(30))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }
}
