package io.atelier.standalone.command;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A stub of the gateway: returns scripted responses for each request, in order; the last one is repeated. */
final class ScriptedGateway implements AutoCloseable {

    private static final int NO_BODY = -1;
    private static final int NO_RESPONSE = -1;

    private final HttpServer server;
    private final Map<String, Deque<Response>> responses = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final List<String> idempotencyKeys = new CopyOnWriteArrayList<>();

    ScriptedGateway() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::respond);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The received requests, such as {@code POST /v1/generations}, in order. */
    List<String> requests() {
        return requests;
    }

    List<String> bodies() {
        return bodies;
    }

    /** Those of the received requests that had one, in order. */
    List<String> idempotencyKeys() {
        return idempotencyKeys;
    }

    ScriptedGateway on(String request, int status, String body) {
        return on(request, new Response(status, "application/json", Map.of(), body));
    }

    ScriptedGateway problem(String request, int status, String body) {
        return on(request, new Response(status, "application/problem+json", Map.of("Retry-After", "1"), body));
    }

    /** Closes the connection without a response. */
    ScriptedGateway hangsUp(String request) {
        return on(request, new Response(0, "", Map.of(), ""));
    }

    /** Takes the request and does not respond until the client has gone. */
    ScriptedGateway silent(String request) {
        return on(request, new Response(NO_RESPONSE, "", Map.of(), ""));
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private ScriptedGateway on(String request, Response response) {
        responses.computeIfAbsent(request, key -> new ArrayDeque<>()).add(response);
        return this;
    }

    private void respond(HttpExchange exchange) throws IOException {
        var request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        requests.add(request);
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Idempotency-Key"))
                .ifPresent(idempotencyKeys::add);
        bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        var script = responses.getOrDefault(request, new ArrayDeque<>(List.of(Response.NOT_FOUND)));
        var response = script.size() > 1 ? script.remove() : script.element();
        if (response.status() == NO_RESPONSE) {
            // The exchange stays open.
            return;
        }
        if (response.status() == 0) {
            exchange.close();
            return;
        }
        response.headers()
                .forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
        exchange.getResponseHeaders().add("Content-Type", response.type());
        var bytes = response.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(response.status(), bytes.length == 0 ? NO_BODY : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private record Response(int status, String type, Map<String, String> headers, String body) {

        static final Response NOT_FOUND = new Response(404, "text/html", Map.of(), "<html>no such page</html>");
    }
}
