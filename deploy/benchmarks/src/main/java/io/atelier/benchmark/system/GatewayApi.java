package io.atelier.benchmark.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** HTTP client of the gateway of a system. Thread-safe. */
public final class GatewayApi {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int ACCEPTED = 202;
    private static final int OK = 200;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final String base;

    GatewayApi(String base) {
        this.base = base;
    }

    /** Submits a job for the smallest test card, and returns its id. Fails unless the response is 202. */
    public CompletableFuture<String> submit(String prompt) {
        var body = JSON.writeValueAsBytes(Map.of("model", "test-card", "prompt", prompt, "size", "64x64"));
        var post = request("/v1/generations")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return http.sendAsync(post, HttpResponse.BodyHandlers.ofByteArray())
                .thenApply(response -> read(response, ACCEPTED).get("id").asString());
    }

    /** Whether GET returns a terminal job. */
    public boolean isTerminal(String id) {
        return read(send("/v1/generations/" + id), OK).get("terminal").asBoolean();
    }

    void awaitReady(Runnable check) {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!isReady()) {
            check.run();
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("The gateway at " + base + " was not ready within " + START_TIMEOUT);
            }
            pause();
        }
    }

    private boolean isReady() {
        try {
            return send("/readyz").statusCode() == OK;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the system started", e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(TIMEOUT);
    }

    private HttpResponse<byte[]> send(String path) {
        try {
            return http.send(request(path).build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("No response from " + base + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for " + base + path, e);
        }
    }

    private static JsonNode read(HttpResponse<byte[]> response, int expected) {
        if (response.statusCode() != expected) {
            throw new IllegalStateException(
                    "%s returned %d instead of %d".formatted(response.uri(), response.statusCode(), expected));
        }
        return JSON.readTree(response.body());
    }
}
