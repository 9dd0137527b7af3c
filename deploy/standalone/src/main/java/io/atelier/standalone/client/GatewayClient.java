package io.atelier.standalone.client;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Blocking client of the HTTP API of one gateway. Each call, except {@link #isReady}, throws {@link GatewayUnreachable} if there is no
 * response within 30 s, and {@link RequestRefused} if the response is an error. Thread-safe.
 */
public final class GatewayClient {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(30);
    private static final int ACCEPTED = 202;
    private static final JsonMapper JSON = new JsonMapper();

    private final URI base;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();

    /** @param base the URL of the gateway, such as {@code http://127.0.0.1:8080} */
    public GatewayClient(URI base) {
        this.base = URI.create(base.toString().replaceAll("/+$", "") + "/");
    }

    public URI base() {
        return base;
    }

    /** Whether the gateway accepts requests now. Does not throw: an unreachable gateway is not ready. */
    public boolean isReady() {
        try {
            return send(get("readyz"), BodyHandlers.discarding()).statusCode() == 200;
        } catch (GatewayUnreachable e) {
            return false;
        }
    }

    /** Creates a generation; the brokers have stored it when this returns. */
    public GenerationResponse submit(JsonNode body) {
        return new GenerationResponse(json(post("v1/generations", body)));
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
        return new GenerationResponse(json(post(path(id, "/cancel"), body)));
    }

    /**
     * Erases a generation.
     *
     * @return false if it will be erased later, when its worker has stopped
     */
    public boolean erase(String id) {
        var response = send(request(resolve(path(id, ""))).DELETE().build(), BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw refused(response, response.body());
        }
        return response.statusCode() != ACCEPTED;
    }

    /** Retries a generation as a new one; the brokers have stored the new one when this returns. */
    public GenerationResponse retry(String id) {
        return new GenerationResponse(json(post(path(id, "/retry"), JSON.createObjectNode())));
    }

    public JsonNode deadLetters(int limit) {
        return json(get("v1/dead-letters?limit=" + limit));
    }

    public JsonNode models() {
        return json(get("v1/models"));
    }

    public JsonNode queue() {
        return json(get("v1/queue"));
    }

    public JsonNode workers() {
        return json(get("v1/workers"));
    }

    /** Downloads an image from the path or URL in the generation. */
    public byte[] download(String url) {
        var response = send(request(resolve(url)).build(), BodyHandlers.ofByteArray());
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
        var response = send(request, BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw refused(response, response.body());
        }
        try {
            return JSON.readTree(response.body());
        } catch (JacksonException e) {
            throw new GatewayUnreachable(
                    "The server at " + base + " is not an Atelier gateway: its response is not JSON", e);
        }
    }

    private HttpRequest get(String path) {
        return request(resolve(path)).build();
    }

    private HttpRequest post(String path, JsonNode body) {
        return request(resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
    }

    private static String path(String id, String rest) {
        return "v1/generations/" + encoded(id) + rest;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri).timeout(RESPONSE_TIMEOUT);
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
        } catch (IOException e) {
            throw new GatewayUnreachable("No response from " + base, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GatewayUnreachable("Interrupted while waiting for " + base, e);
        }
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
