package io.atelier.standalone.journey;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.imageio.ImageIO;

/** Stub of OpenAI's images API: returns the same image for each request and records the received bodies. */
final class OpenAiEditsStub implements AutoCloseable {

    /** The usage in OpenAI's example of an answer. */
    private static final String USAGE = "{\"total_tokens\":100,\"input_tokens\":50,\"output_tokens\":50,"
            + "\"input_tokens_details\":{\"text_tokens\":10,\"image_tokens\":40}}";

    private final List<byte[]> forms = new CopyOnWriteArrayList<>();
    private final List<byte[]> generations = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    private OpenAiEditsStub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/images/edits", exchange -> respond(exchange, forms));
        server.createContext("/v1/images/generations", exchange -> respond(exchange, generations));
    }

    static OpenAiEditsStub open() {
        try {
            var stub = new OpenAiEditsStub();
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

    /** The forms of the edits received so far. */
    List<byte[]> forms() {
        return List.copyOf(forms);
    }

    /** The bodies of the generations received so far. */
    List<byte[]> generations() {
        return List.copyOf(generations);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static void respond(HttpExchange exchange, List<byte[]> received) throws IOException {
        try (exchange) {
            received.add(exchange.getRequestBody().readAllBytes());
            var png = new ByteArrayOutputStream();
            ImageIO.write(new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB), "png", png);
            var base64 = Base64.getEncoder().encodeToString(png.toByteArray());
            var body = "{\"data\":[{\"b64_json\":\"%s\"}],\"usage\":%s}"
                    .formatted(base64, USAGE)
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
