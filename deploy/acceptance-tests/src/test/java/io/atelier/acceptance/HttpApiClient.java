package io.atelier.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the HTTP API, independent of the code of the project. */
public final class HttpApiClient {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final String base;

    public HttpApiClient(int port) {
        this.base = "http://127.0.0.1:" + port;
    }

    /** Waits until the gateway is ready; fails if its process ends. */
    public void awaitReady(AtelierProcess process) {
        awaitReady(process::isAlive, process::output);
    }

    /** Waits until the gateway is ready; its process may be restarted meanwhile. */
    public void awaitReady(SupervisedProcess process) {
        awaitReady(process::isAlive, () -> process.current().output());
    }

    private void awaitReady(BooleanSupplier alive, Supplier<String> output) {
        Awaitility.await("the gateway to be ready")
                .atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    if (!alive.getAsBoolean()) {
                        throw new IllegalStateException("The process ended:\n" + output.get());
                    }
                    return isReady();
                });
    }

    public boolean isReady() {
        try {
            return send(get("/readyz")).statusCode() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** Submits a job and returns its id; fails unless the response is 202. */
    public String submit(Map<String, ?> request) {
        var response = post(request);
        if (response.statusCode() != 202) {
            throw new AssertionError("Expected 202, got " + response.statusCode() + ": "
                    + new String(response.body(), StandardCharsets.UTF_8));
        }
        return JSON.readTree(response.body()).get("id").asString();
    }

    /**
     * Submits a job.
     *
     * @throws UncheckedIOException if there is no response
     */
    public HttpResponse<byte[]> post(Map<String, ?> request) {
        return post("/v1/generations", request);
    }

    /** Cancels a job without a grace period for its engine. */
    void cancel(String id) {
        int status = post("/v1/generations/" + id + "/cancel", Map.of("grace", "PT0S"))
                .statusCode();
        if (status / 100 != 2) {
            throw new AssertionError("The cancellation of " + id + " returned " + status);
        }
    }

    /** The HTTP status of a GET of the job. */
    public int statusCode(String id) {
        return send(get("/v1/generations/" + id)).statusCode();
    }

    public JsonNode generation(String id) {
        var response = send(get("/v1/generations/" + id));
        if (response.statusCode() != 200) {
            throw new AssertionError("Status of " + id + " is " + response.statusCode());
        }
        return JSON.readTree(response.body());
    }

    /** The JSON at a path; fails unless the response is 200. */
    JsonNode json(String path) {
        var response = send(get(path));
        if (response.statusCode() != 200) {
            throw new AssertionError("GET %s is %d: %s"
                    .formatted(path, response.statusCode(), new String(response.body(), StandardCharsets.UTF_8)));
        }
        return JSON.readTree(response.body());
    }

    /** The newest hundred generations. */
    JsonNode generations() {
        return JSON.readTree(send(get("/v1/generations?limit=100")).body()).get("data");
    }

    /** The workers that the gateway knows. */
    JsonNode workers() {
        return JSON.readTree(send(get("/v1/workers")).body()).get("data");
    }

    String status(String id) {
        return generation(id).get("status").asString();
    }

    JsonNode awaitTerminal(String id, Duration timeout) {
        Awaitility.await("the end of " + id)
                .atMost(timeout)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> generation(id).get("terminal").asBoolean());
        return generation(id);
    }

    public HttpResponse<byte[]> image(String id, int index) {
        return send(get("/v1/generations/" + id + "/images/" + index));
    }

    /**
     * Posts JSON.
     *
     * @throws UncheckedIOException if there is no response
     */
    public HttpResponse<byte[]> post(String path, Map<String, ?> body) {
        return send(HttpRequest.newBuilder(URI.create(base + path))
                .header("Content-Type", "application/json")
                .timeout(TIMEOUT)
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
                .build());
    }

    private HttpRequest get(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(TIMEOUT).build();
    }

    private HttpResponse<byte[]> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (ConnectException e) {
            throw new UncheckedIOException("No connection to " + base, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
