package io.atelier.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.langchain4j.data.image.Image;
import io.atelier.client.AtelierClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The image model against a server with the answers of docs/http.md. */
class AtelierLangChainModelTests {

    private static final String SUCCEEDED =
            "{\"id\":\"gen_a\",\"version\":3,\"status\":\"succeeded\",\"stage\":\"done\",\"terminal\":true,\"created_at\":\"2026-11-21T10:00:00Z\","
                    + "\"images\":[{\"index\":0,\"media_type\":\"image/png\",\"width\":64,\"height\":64,\"bytes\":3,\"sha256\":\"ab\"}]}";
    private static final Image PNG =
            Image.builder().base64Data("YWJj").mimeType("image/png").build();

    private final List<String> bodies = new ArrayList<>();
    private HttpServer server;
    private AtelierLangChainModel model;

    @SuppressWarnings("NullAway.Init") // Set before each test.
    AtelierLangChainModelTests() {}

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/generations", exchange -> record(exchange, SUCCEEDED));
        server.createContext("/v1/generations/gen_a", exchange -> send(exchange, "application/json", SUCCEEDED));
        server.createContext("/v1/generations/gen_a/images/0", exchange -> send(exchange, "image/png", "abc"));
        server.createContext(
                "/v1/files",
                exchange -> record(
                        exchange,
                        "{\"id\":\"file_a\",\"media_type\":\"image/png\",\"width\":1,\"height\":1,\"bytes\":3}"));
        server.start();
        var client = AtelierClient.of(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
        model = new AtelierLangChainModel(client, request -> request.model("test-card"), Duration.ofSeconds(20));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void promptBecomesImages() {
        var one = model.generate("a castle");
        var several = model.generate("castles", 2);

        assertThat(one.content().base64Data()).isEqualTo("YWJj");
        assertThat(one.content().mimeType()).isEqualTo("image/png");
        assertThat(one.metadata()).containsEntry(AtelierLangChainModel.GENERATION, "gen_a");
        assertThat(several.content()).hasSize(1);
        assertThat(bodies.get(0)).contains("\"prompt\":\"a castle\"", "\"model\":\"test-card\"");
        assertThat(bodies.get(1)).contains("\"n\":2");
    }

    @Test
    void editUploadsItsImages() {
        model.edit(PNG, "in winter");
        model.edit(PNG, PNG, "in spring");

        assertThat(bodies).hasSize(5);
        assertThat(bodies.get(0)).isEqualTo("abc");
        assertThat(bodies.get(1)).contains("{\"file_id\":\"file_a\"}").doesNotContain("mask");
        assertThat(bodies.get(4)).contains("\"mask\":{\"file_id\":\"file_a\"}");
    }

    @Test
    void imageWithoutBytesIsRefused() {
        var byUrl = Image.builder().url("https://example.org/a.png").build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.edit(byUrl, "in winter"))
                .withMessageContaining("base64");
        assertThat(bodies).isEmpty();
    }

    private void record(HttpExchange exchange, String answer) throws IOException {
        bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        send(exchange, "application/json", answer);
    }

    private static void send(HttpExchange exchange, String type, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
