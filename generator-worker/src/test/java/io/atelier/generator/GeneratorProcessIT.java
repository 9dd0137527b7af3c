package io.atelier.generator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** The health endpoints of a worker that runs alone. */
class GeneratorProcessIT {

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private EmbeddedServers servers;
    private ConfigurableApplicationContext worker;

    @BeforeEach
    void start() {
        servers = EmbeddedServers.start(folder);
        worker = GeneratorApplication.application().run(servers.settings());
    }

    @AfterEach
    void stop() {
        worker.close();
        servers.close();
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

    private HttpResponse<String> get(String path) throws Exception {
        var server = Objects.requireNonNull(((WebServerApplicationContext) worker).getWebServer());
        int port = server.getPort();
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }
}
