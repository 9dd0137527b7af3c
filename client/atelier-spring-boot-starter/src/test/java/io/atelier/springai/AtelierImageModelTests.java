package io.atelier.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.atelier.client.GenerationUnsuccessful;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.ai.image.ImageModel;
import org.springframework.ai.image.ImagePrompt;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The image model in an application, against a server with the answers of docs/http.md. */
class AtelierImageModelTests {

    private static final String STATE =
            "{\"id\":\"gen_a\",\"version\":1,\"status\":\"%s\",\"stage\":\"done\",\"terminal\":%s,\"created_at\":\"2026-11-21T10:00:00Z\",\"images\":[%s]}";
    private static final String IMAGE =
            "{\"index\":0,\"media_type\":\"image/png\",\"width\":64,\"height\":64,\"bytes\":3,\"sha256\":\"ab\"}";

    private final List<String> bodies = new ArrayList<>();
    private final List<String> keys = new ArrayList<>();
    private HttpServer server;
    private ApplicationContextRunner application;
    private String end = STATE.formatted("succeeded", true, IMAGE);

    @SuppressWarnings("NullAway.Init") // Set before each test.
    AtelierImageModelTests() {}

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/generations", this::create);
        server.createContext("/v1/generations/gen_a", exchange -> send(exchange, 200, "application/json", end));
        server.createContext("/v1/generations/gen_a/images/0", exchange -> send(exchange, 200, "image/png", "abc"));
        server.createContext(
                "/v1/generations/gen_a/events",
                exchange -> send(
                        exchange,
                        200,
                        "text/event-stream",
                        "event: generation.progress\ndata: {\"fraction\":0.5}\n\nevent: generation.succeeded\ndata: {\"terminal\":true}\n\n"));
        server.start();
        application = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(AtelierAutoConfiguration.class))
                .withPropertyValues(
                        "atelier.url=http://127.0.0.1:" + server.getAddress().getPort(), "atelier.model=pocket");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void promptBecomesImages() {
        application.run(context -> {
            var response = context.getBean(ImageModel.class)
                    .call(new ImagePrompt("a castle", AtelierImageOptions.NONE.withSize(320, 256)));

            assertThat(Base64.getDecoder()
                            .decode(response.getResults().get(0).getOutput().getB64Json()))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("abc");
            assertThat((String) response.getMetadata().get(AtelierImageModel.GENERATION))
                    .isEqualTo("gen_a");
            assertThat(bodies.get(0))
                    .contains("\"prompt\":\"a castle\"", "\"model\":\"pocket\"", "\"size\":\"320x256\"");
        });
    }

    @Test
    void detailsOfAConnectionAreUsedBeforeTheAddressInTheProperties() {
        var url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        application
                .withPropertyValues("atelier.url=http://127.0.0.1:1")
                .withBean(AtelierConnectionDetails.class, () -> () -> url)
                .run(context -> {
                    context.getBean(AtelierImageModel.class).create(new ImagePrompt("a castle"));

                    assertThat(bodies).hasSize(1);
                });
    }

    @Test
    void promptsNameKeysAndFiles() {
        application.run(context -> {
            var options = AtelierImageOptions.NONE
                    .withModel("test-card")
                    .withKey("mine")
                    .withFiles(List.of("file_a"));

            context.getBean(AtelierImageModel.class).create(new ImagePrompt("an edit", options));

            assertThat(keys).containsExactly("mine");
            assertThat(bodies.get(0)).contains("\"model\":\"test-card\"", "{\"file_id\":\"file_a\"}");
        });
    }

    @Test
    void progressIsReported() {
        application.run(context -> {
            var progress = new ArrayList<Double>();

            context.getBean(AtelierImageModel.class).call(new ImagePrompt("a castle"), progress::add);

            assertThat(progress).containsExactly(0.5);
        });
    }

    @Test
    void failureIsAnException() {
        end = STATE.formatted("failed", true, "");
        application.run(context -> {
            var model = context.getBean(ImageModel.class);
            var failed =
                    catchThrowableOfType(GenerationUnsuccessful.class, () -> model.call(new ImagePrompt("a castle")));
            assertThat(failed.generation().id()).isEqualTo("gen_a");
        });
    }

    private void create(HttpExchange exchange) throws IOException {
        bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        keys.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
        send(exchange, 202, "application/json", STATE.formatted("queued", false, ""));
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
