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

/** The HTTP door of a system. Thread-safe. */
public final class GatewayApi {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration START = Duration.ofMinutes(2);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int ACCEPTED = 202;
    private static final int OK = 200;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final String base;

    GatewayApi(String base) {
        this.base = base;
    }

    /** Posts a job of the smallest picture that costs nothing to draw, and gives its id. Fails unless the answer is 202. */
    public CompletableFuture<String> submit(String prompt) {
        var body = JSON.writeValueAsBytes(Map.of("model", "test-card", "prompt", prompt, "size", "64x64"));
        var post = request("/v1/generations")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return http.sendAsync(post, HttpResponse.BodyHandlers.ofByteArray())
                .thenApply(answer -> read(answer, ACCEPTED).get("id").asString());
    }

    /** Whether the status says that the job has ended. */
    public boolean showsEnd(String id) {
        return read(send("/v1/generations/" + id), OK).get("terminal").asBoolean();
    }

    void awaitReady(Runnable check) {
        long deadline = System.nanoTime() + START.toNanos();
        while (!ready()) {
            check.run();
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("The gateway at " + base + " was not ready within " + START);
            }
            pause();
        }
    }

    private boolean ready() {
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
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(PATIENCE);
    }

    private HttpResponse<byte[]> send(String path) {
        try {
            return http.send(request(path).build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("No answer from " + base + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for " + base + path, e);
        }
    }

    private static JsonNode read(HttpResponse<byte[]> answer, int expected) {
        if (answer.statusCode() != expected) {
            throw new IllegalStateException(
                    "%s answered %d instead of %d".formatted(answer.uri(), answer.statusCode(), expected));
        }
        return JSON.readTree(answer.body());
    }
}
