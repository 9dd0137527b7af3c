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

/** A server that changes pictures as OpenAI's does, into one and the same, and keeps the forms that it was sent. */
final class OpenAiEditsStub implements AutoCloseable {

    private final List<byte[]> forms = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    private OpenAiEditsStub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/images/edits", this::answer);
    }

    static OpenAiEditsStub open() {
        try {
            var door = new OpenAiEditsStub();
            door.server.start();
            return door;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it is, with the API's version. */
    String url() {
        return "http://127.0.0.1:%d/v1".formatted(server.getAddress().getPort());
    }

    /** What it was sent so far. */
    List<byte[]> forms() {
        return List.copyOf(forms);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            forms.add(exchange.getRequestBody().readAllBytes());
            var picture = new ByteArrayOutputStream();
            ImageIO.write(new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB), "png", picture);
            var base64 = Base64.getEncoder().encodeToString(picture.toByteArray());
            var body = "{\"data\":[{\"b64_json\":\"%s\"}]}".formatted(base64).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
