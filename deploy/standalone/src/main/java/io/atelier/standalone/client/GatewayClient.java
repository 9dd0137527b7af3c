package io.atelier.standalone.client;

import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Blocking client of the HTTP API of one gateway. Each call, except {@link #readiness}, throws {@link GatewayUnreachable} if the response is
 * not complete within 10 s (queries) or 30 s (others), or within the time that the deadline leaves, and {@link RequestRefused} if the response is an error. Thread-safe.
 */
public final class GatewayClient {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration UPLOAD_TIMEOUT = Duration.ofMinutes(2);
    /** A gateway answers queries from its memory, or says within seconds that it cannot. */
    private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration READINESS_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration NOTICES_TIMEOUT = Duration.ofSeconds(2);
    /** So that a call just before the deadline can still be answered. */
    private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(100);
    /** What does not answer within less time, because the deadline is near, may be well. */
    private static final Duration SHORTEST_SILENCE = Duration.ofSeconds(1);

    private static final int ACCEPTED = 202;
    private static final Set<String> LIVE = Set.of("ready", "busy");
    private static final JsonMapper JSON = new JsonMapper();

    private final URI base;
    private final Supplier<Duration> left;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();

    /** @param base the URL of the gateway, such as {@code http://127.0.0.1:8080} */
    public GatewayClient(URI base) {
        this(base, () -> RESPONSE_TIMEOUT);
    }

    /** @param deadline after which no call waits any longer */
    public GatewayClient(URI base, Deadline deadline) {
        this(base, deadline::left);
    }

    private GatewayClient(URI base, Supplier<Duration> left) {
        this.base = URI.create(base.toString().replaceAll("/+$", "") + "/");
        this.left = left;
    }

    public URI base() {
        return base;
    }

    /** Whether the gateway accepts requests now, and otherwise why not; takes 7 s at most. Does not throw. */
    public Readiness readiness() {
        var timeout = limited(READINESS_TIMEOUT);
        try {
            var response = send(get("readyz"), BodyHandlers.ofString(), READINESS_TIMEOUT);
            return Readiness.of(response.statusCode(), response.body(), this::notices);
        } catch (GatewayUnreachable e) {
            if (e.getCause() instanceof ConnectException) {
                return Readiness.CLOSED;
            }
            return timeout.compareTo(SHORTEST_SILENCE) < 0
                    ? Readiness.UNKNOWN
                    : Readiness.silent(timeout.toSeconds(), e.isCutShort());
        }
    }

    /** What is wrong with the system, in the sentences of the gateway; empty if it gives none. */
    private List<String> notices() {
        try {
            return json(get("v1/queue"), NOTICES_TIMEOUT)
                    .path("notices")
                    .valueStream()
                    .map(notice -> notice.asString(""))
                    .filter(notice -> !notice.isBlank())
                    .toList();
        } catch (GatewayUnreachable | RequestRefused e) {
            return List.of();
        }
    }

    /** Creates a generation; the brokers have stored it when this returns. Requests with the same key create one generation together. */
    public GenerationResponse submit(JsonNode body, String idempotencyKey) {
        return create("v1/generations", body, idempotencyKey);
    }

    /** Like {@link #submit}, for an avatar. */
    public GenerationResponse submitAvatar(JsonNode body, String idempotencyKey) {
        return create("v1/avatars", body, idempotencyKey);
    }

    private GenerationResponse create(String path, JsonNode body, String idempotencyKey) {
        var request = posting(path, body).header("Idempotency-Key", idempotencyKey);
        return new GenerationResponse(json(request.build()));
    }

    /** Uploads an image file. Returns its id, which generations name. */
    public String upload(Path file) {
        var request = FileUpload.addTo(HttpRequest.newBuilder(resolve("v1/files")), file)
                .build();
        return json(request, UPLOAD_TIMEOUT).path("id").asString("");
    }

    public GenerationResponse generation(String id) {
        return new GenerationResponse(json(get(path(id, ""))));
    }

    /** Lists generations, newest first. */
    public JsonNode generations(int limit, @Nullable String status) {
        return json(get("v1/generations?limit=" + limit + (status == null ? "" : "&status=" + encoded(status))));
    }

    /** Cancels a generation: when this returns, it is canceled or its worker was asked to stop. */
    public GenerationResponse cancel(String id, @Nullable String reason) {
        var body = JSON.createObjectNode();
        if (reason != null) {
            body.put("reason", reason);
        }
        return new GenerationResponse(json(posting(path(id, "/cancel"), body).build()));
    }

    /**
     * Erases a generation.
     *
     * @return false if it will be erased later, when its worker has stopped
     */
    public boolean erase(String id) {
        var response =
                send(HttpRequest.newBuilder(resolve(path(id, ""))).DELETE().build(), BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw refused(response, response.body());
        }
        return response.statusCode() != ACCEPTED;
    }

    /** Retries a generation as a new one; the brokers have stored the new one when this returns. */
    public GenerationResponse retry(String id) {
        return new GenerationResponse(
                json(posting(path(id, "/retry"), JSON.createObjectNode()).build()));
    }

    public JsonNode deadLetters(int limit) {
        return json(get("v1/dead-letters?limit=" + limit));
    }

    public JsonNode models() {
        return json(get("v1/models"));
    }

    public JsonNode capabilities() {
        return json(get("v1/capabilities"));
    }

    /** Asks all workers to free the memory of a model. */
    public JsonNode unloadModel(String name) {
        return json(posting("v1/models/" + encoded(name) + "/unload", JSON.createObjectNode())
                .build());
    }

    public JsonNode queue() {
        return json(get("v1/queue"));
    }

    public JsonNode workers() {
        return json(get("v1/workers"));
    }

    /** Whether the gateway knows workers, and none of those that live is a splitter. False if it does not answer. */
    public boolean lacksSplitter() {
        try {
            var workers = workers().path("data");
            return !workers.isEmpty() && workers.valueStream().noneMatch(GatewayClient::isLiveSplitter);
        } catch (GatewayUnreachable | RequestRefused e) {
            return false;
        }
    }

    private static boolean isLiveSplitter(JsonNode worker) {
        return worker.path("kind").asString("").equals("splitter")
                && LIVE.contains(worker.path("status").asString(""));
    }

    /** Downloads an image from the path or URL in the generation. */
    public byte[] download(String url) {
        var response = send(HttpRequest.newBuilder(resolve(url)).build(), BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw refused(response, new String(response.body(), StandardCharsets.UTF_8));
        }
        return response.body();
    }

    /** The absolute URL of a path in a response, also for a gateway behind a path prefix. */
    public URI resolve(String url) {
        return base.resolve(url.startsWith("/") ? url.substring(1) : url);
    }

    private JsonNode json(HttpRequest request) {
        return json(request, request.method().equals("GET") ? QUERY_TIMEOUT : RESPONSE_TIMEOUT);
    }

    private JsonNode json(HttpRequest request, Duration timeout) {
        var response = send(request, BodyHandlers.ofString(), timeout);
        if (response.statusCode() / 100 != 2) {
            throw refused(response, response.body());
        }
        try {
            return JSON.readTree(response.body());
        } catch (JacksonException e) {
            throw new GatewayUnreachable(
                    "The server at " + base + " is not an Atelier gateway: its response is not JSON", e, false);
        }
    }

    private HttpRequest get(String path) {
        return HttpRequest.newBuilder(resolve(path)).build();
    }

    private HttpRequest.Builder posting(String path, JsonNode body) {
        return HttpRequest.newBuilder(resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    }

    private static String path(String id, String rest) {
        return "v1/generations/" + encoded(id) + rest;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        return send(request, handler, RESPONSE_TIMEOUT);
    }

    /** The timeout of the HTTP client ends with the headers; this one includes the body, and does not exceed the deadline. */
    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler, Duration usual) {
        var timeout = limited(usual);
        var response = http.sendAsync(request, handler);
        try {
            return response.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new GatewayUnreachable(
                    "No complete response from %s within %d s".formatted(base, Math.max(1, timeout.toSeconds())),
                    e,
                    timeout.compareTo(usual) < 0);
        } catch (ExecutionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            throw new GatewayUnreachable(
                    "No response from %s: %s".formatted(base, ConnectionFailure.describe(cause)), cause, false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GatewayUnreachable("Interrupted while waiting for " + base, e, false);
        } finally {
            response.cancel(true);
        }
    }

    private Duration limited(Duration timeout) {
        var rest = left.get();
        if (rest.compareTo(timeout) >= 0) {
            return timeout;
        }
        return rest.compareTo(SHORTEST_TIMEOUT) > 0 ? rest : SHORTEST_TIMEOUT;
    }

    private static RequestRefused refused(HttpResponse<?> response, String body) {
        return new RequestRefused(ProblemResponse.of(response.statusCode(), body, retryAfter(response)));
    }

    private static OptionalLong retryAfter(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(value -> value.matches("\\d{1,9}"))
                .map(value -> OptionalLong.of(Long.parseLong(value)))
                .orElse(OptionalLong.empty());
    }
}
