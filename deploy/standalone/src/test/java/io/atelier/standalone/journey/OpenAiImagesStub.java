package io.atelier.standalone.journey;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** OpenAI's images API in front of a running Atelier: forwards each request to its API and returns the image as base64. */
final class OpenAiImagesStub implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final String atelier;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<ObjectNode> received = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    private OpenAiImagesStub(String atelier) throws IOException {
        this.atelier = atelier;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/images/generations", this::respond);
        server.setExecutor(threads);
    }

    /** @param atelier the URL of its gateway */
    static OpenAiImagesStub inFrontOf(String atelier) {
        try {
            var stub = new OpenAiImagesStub(atelier);
            stub.server.start();
            return stub;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The base URL, with the API version. */
    String url() {
        return "http://127.0.0.1:%d/v1".formatted(server.getAddress().getPort());
    }

    /** The requests received so far. */
    List<ObjectNode> received() {
        return List.copyOf(received);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void respond(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = (ObjectNode) JSON.readTree(exchange.getRequestBody().readAllBytes());
            received.add(body.deepCopy());
            body.remove(List.of("response_format"));
            var request = HttpRequest.newBuilder(URI.create(atelier + "/v1/generations"))
                    .header("Content-Type", "application/json")
                    .header("Accept", "image/png")
                    .header("Prefer", "wait=50")
                    .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
                    .build();
            var response = http.send(request, BodyHandlers.ofByteArray());
            reply(exchange, response.statusCode(), response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void reply(HttpExchange exchange, int status, byte[] body) throws IOException {
        var result = status == 200
                ? Map.of("data", List.of(Map.of("b64_json", Base64.getEncoder().encodeToString(body))))
                : Map.of("error", Map.of("message", new String(body, StandardCharsets.UTF_8)));
        var bytes = JSON.writeValueAsBytes(result);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
