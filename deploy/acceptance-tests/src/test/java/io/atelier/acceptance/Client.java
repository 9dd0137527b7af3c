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

/** A client of the HTTP API that knows nothing of the code behind it. */
public final class Client {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final String base;

    public Client(int port) {
        this.base = "http://127.0.0.1:" + port;
    }

    /** Waits until the gateway takes jobs; fails as soon as its process ends. */
    public void awaitReady(AtelierProcess process) {
        awaitReady(process::alive, process::output);
    }

    /** Waits until the gateway takes jobs; gives its process the time to be started again. */
    public void awaitReady(SupervisedProcess process) {
        awaitReady(process::alive, () -> process.current().output());
    }

    private void awaitReady(BooleanSupplier alive, Supplier<String> output) {
        Awaitility.await("the gateway to be ready")
                .atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    if (!alive.getAsBoolean()) {
                        throw new IllegalStateException("The process ended:\n" + output.get());
                    }
                    return ready();
                });
    }

    public boolean ready() {
        try {
            return send(get("/readyz")).statusCode() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** Posts a job and returns its id; fails unless the answer is 202. */
    public String submit(Map<String, ?> request) {
        var answer = post(request);
        if (answer.statusCode() != 202) {
            throw new AssertionError("Not accepted but " + answer.statusCode() + ": "
                    + new String(answer.body(), StandardCharsets.UTF_8));
        }
        return JSON.readTree(answer.body()).get("id").asString();
    }

    /**
     * Posts a job.
     *
     * @throws UncheckedIOException if there is no answer
     */
    public HttpResponse<byte[]> post(Map<String, ?> request) {
        return post("/v1/generations", request);
    }

    /** Cancels a job, whose engine gets no time to stop by itself. */
    void cancel(String id) {
        int status = post("/v1/generations/" + id + "/cancel", Map.of("grace", "PT0S"))
                .statusCode();
        if (status / 100 != 2) {
            throw new AssertionError("The cancellation of " + id + " is answered with " + status);
        }
    }

    /** The HTTP status with which the job is shown. */
    public int statusCode(String id) {
        return send(get("/v1/generations/" + id)).statusCode();
    }

    public JsonNode generation(String id) {
        var answer = send(get("/v1/generations/" + id));
        if (answer.statusCode() != 200) {
            throw new AssertionError("Status of " + id + " is " + answer.statusCode());
        }
        return JSON.readTree(answer.body());
    }

    String status(String id) {
        return generation(id).get("status").asString();
    }

    JsonNode awaitTerminal(String id, Duration within) {
        Awaitility.await("the end of " + id)
                .atMost(within)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> generation(id).get("terminal").asBoolean());
        return generation(id);
    }

    public HttpResponse<byte[]> image(String id, int index) {
        return send(get("/v1/generations/" + id + "/images/" + index));
    }

    private HttpResponse<byte[]> post(String path, Map<String, ?> body) {
        return send(HttpRequest.newBuilder(URI.create(base + path))
                .header("Content-Type", "application/json")
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
                .build());
    }

    private HttpRequest get(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(PATIENCE).build();
    }

    private HttpResponse<byte[]> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (ConnectException e) {
            throw new UncheckedIOException("Nobody listens at " + base, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
