package io.atelier.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.atelier.client.AtelierRefused.FieldProblem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The client against a server that answers what a test tells it to; the answers have the form of docs/http.md. */
class AtelierClientTests {

    private static final String QUEUED = state("queued", false, "");
    private static final String SUCCEEDED = state(
            "succeeded",
            true,
            ",\"images\":[{\"index\":0,\"media_type\":\"image/png\",\"width\":64,\"height\":64,\"bytes\":3,\"sha256\":\"ab\",\"seed\":7}]");
    private static final String FAILED = state(
            "failed", true, ",\"error\":{\"code\":\"moderation-blocked\",\"message\":\"The filter refused it.\"}");

    private final ArrayDeque<Answer> answers = new ArrayDeque<>();
    private final List<Call> calls = new ArrayList<>();
    private HttpServer server;
    private AtelierClient client;

    /** A request that has arrived. */
    private record Call(String method, String path, String body, HttpExchange exchange) {

        String header(String name) {
            return String.valueOf(exchange.getRequestHeaders().getFirst(name));
        }
    }

    /** Answers one request. */
    @FunctionalInterface
    private interface Answer {

        void to(HttpExchange exchange) throws IOException;
    }

    @SuppressWarnings("NullAway.Init") // Set before each test.
    AtelierClientTests() {}

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::handle);
        server.start();
        client = AtelierClient.builder(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"))
                .timeout(Duration.ofSeconds(5))
                .build();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void requestHasItsFieldsAndAKey() {
        answers.add(json(202, QUEUED));

        var created = client.create(ImageRequest.builder("a castle")
                .model("pocket")
                .n(2)
                .size(320, 256)
                .seed(7)
                .steps(9)
                .negativePrompt("rain")
                .quality("high")
                .grid(2, 3)
                .image("gen_x", 1)
                .file("file_y")
                .mask("file_z")
                .label("own", "x")
                .clientRef("r")
                .field("on_disconnect", "cancel")
                .build());

        assertThat(created.id()).isEqualTo("gen_a");
        assertThat(created.terminal()).isFalse();
        assertThat(calls.get(0).method()).isEqualTo("POST");
        assertThat(calls.get(0).path()).isEqualTo("/v1/generations");
        assertThat(calls.get(0).header("Idempotency-Key")).hasSize(36);
        assertThat(new JsonMapper().readTree(calls.get(0).body()))
                .isEqualTo(new JsonMapper()
                        .readTree(
                                "{\"prompt\":\"a castle\",\"model\":\"pocket\",\"n\":2,\"size\":\"320x256\",\"seed\":7,"
                                        + "\"steps\":9,\"negative_prompt\":\"rain\",\"quality\":\"high\",\"grid\":{\"layout\":\"2x3\"},"
                                        + "\"mask\":{\"file_id\":\"file_z\"},\"client_ref\":\"r\",\"on_disconnect\":\"cancel\","
                                        + "\"labels\":{\"own\":\"x\"},\"images\":[{\"generation\":{\"id\":\"gen_x\",\"index\":1}},"
                                        + "{\"file_id\":\"file_y\"}]}"));
    }

    @Test
    void batchHasItsPromptsAndItsResultsAreInTheirOrder() {
        var batch =
                "{\"id\":\"batch_a\",\"object\":\"batch\",\"terminal\":false,\"size\":2,\"counts\":{\"succeeded\":1,\"missing\":1},"
                        + "\"results\":[{\"index\":0,\"id\":\"gen_a\",\"status\":\"succeeded\",\"generation\":"
                        + SUCCEEDED
                        + "},{\"index\":1,\"id\":\"gen_b\",\"status\":\"missing\"}],\"urls\":{\"self\":\"/v1/batches/batch_a\"}}";
        answers.add(json(202, batch));
        answers.add(json(200, batch));

        var created = client.createBatch(List.of("a castle", "a snowman"), request -> request.model("pocket"));
        var read = client.batch(created.id());

        assertThat(calls.get(0).path()).isEqualTo("/v1/batches");
        assertThat(calls.get(0).header("Idempotency-Key")).hasSize(36);
        assertThat(new JsonMapper().readTree(calls.get(0).body()))
                .isEqualTo(
                        new JsonMapper().readTree("{\"prompts\":[\"a castle\",\"a snowman\"],\"model\":\"pocket\"}"));
        assertThat(calls.get(1).path()).isEqualTo("/v1/batches/batch_a");
        assertThat(read).isEqualTo(created);
        assertThat(read.terminal()).isFalse();
        assertThat(read.counts()).containsEntry("missing", 1);
        assertThat(read.results()).extracting(BatchView.Result::id).containsExactly("gen_a", "gen_b");
        assertThat(Objects.requireNonNull(read.results().get(0).generation()).succeeded())
                .isTrue();
        assertThat(read.results().get(1).generation()).isNull();
    }

    @Test
    void requestWithoutAnAnswerIsSentAgainWithTheSameKey() {
        answers.add(HttpExchange::close);
        answers.add(problem(503, "broker-unavailable", true, "0"));
        answers.add(json(202, QUEUED));

        assertThat(client.create(ImageRequest.of("a castle")).id()).isEqualTo("gen_a");
        assertThat(calls).hasSize(3);
        assertThat(calls.stream().map(call -> call.header("Idempotency-Key")).distinct())
                .hasSize(1);
    }

    @Test
    void refusalIsNotRepeatedAndNamesTheFields() {
        answers.add(problem(422, "validation-failed", false, null));

        var refused = catchThrowableOfType(AtelierRefused.class, () -> client.create(ImageRequest.of("a castle")));

        assertThat(refused).hasMessage("It is wrong.");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.code()).isEqualTo("validation-failed");
        assertThat(refused.requestId()).contains("req_1");
        assertThat(refused.errors())
                .containsExactly(new FieldProblem("/n", "Too many."), new FieldProblem("Prefer", "Bad."));
        assertThat(calls).hasSize(1);
    }

    @Test
    void serverThatStaysAwayIsReportedAfterTheRetries() {
        for (int i = 0; i < 4; i++) {
            answers.add(problem(503, "broker-unavailable", true, "0"));
        }

        var refused = catchThrowableOfType(AtelierRefused.class, () -> client.get("gen_a"));

        assertThat(refused.retryable()).isTrue();
        assertThat(calls).hasSize(4);
        server.stop(0);
        var quick = AtelierClient.builder(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
                .maxRetries(0)
                .build();
        assertThatThrownBy(() -> quick.get("gen_a")).isInstanceOf(AtelierUnreachable.class);
    }

    @Test
    void waitIsOverWhenTheImagesAreThere() {
        answers.add(json(202, QUEUED));
        answers.add(json(200, SUCCEEDED));

        var made = client.generate(ImageRequest.of("a castle"), Duration.ofSeconds(20));

        assertThat(made.succeeded()).isTrue();
        assertThat(made.images().get(0).seed()).isEqualTo(7);
        assertThat(calls.get(1).path()).isEqualTo("/v1/generations/gen_a");
        assertThat(calls.get(1).header("Prefer")).isIn("wait=19", "wait=20");
    }

    @Test
    void generationWithoutImagesIsAnException() {
        answers.add(json(200, FAILED));

        var failed =
                catchThrowableOfType(GenerationUnsuccessful.class, () -> client.await("gen_a", Duration.ofSeconds(20)));

        assertThat(failed.code()).contains("moderation-blocked");
        assertThat(failed).hasMessage("The generation gen_a failed: The filter refused it.");
    }

    @Test
    void generationThatTakesLongerThanTheWaitGoesOn() {
        answers.add(json(200, QUEUED));

        var pending = catchThrowableOfType(GenerationPending.class, () -> client.await("gen_a", Duration.ZERO));

        assertThat(pending.generation().status()).isEqualTo("queued");
    }

    @Test
    void imageIsCheckedByItsDigest(@TempDir Path folder) throws IOException {
        var digest = "sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:";
        answers.add(bytes("abc", digest));
        answers.add(bytes("abd", digest));
        answers.add(bytes("abc", digest));
        answers.add(bytes("abd", digest));
        var file = folder.resolve("a.png");

        assertThat(client.image("gen_a", 0)).asString(StandardCharsets.UTF_8).isEqualTo("abc");
        assertThatThrownBy(() -> client.image("gen_a", 0)).isInstanceOf(AtelierUnreachable.class);
        client.save("gen_a", 0, file);
        assertThatThrownBy(() -> client.save("gen_a", 0, file)).isInstanceOf(AtelierUnreachable.class);
        assertThat(file).hasContent("abc");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void eventsGoOnAfterTheLastOneWhenTheConnectionBreaks() {
        answers.add(stream("""
            retry: 3000

            id: 1
            event: generation.accepted
            data: {"terminal":false}

            : hb

            event: generation.progress
            data: {"fraction":0.5}

            """));
        answers.add(stream("id: 3\nevent: generation.succeeded\ndata: {\"terminal\":true}\n\n"));

        try (var events = client.events("gen_a")) {
            assertThat(events)
                    .extracting(GenerationEvents.Event::type)
                    .containsExactly("generation.accepted", "generation.progress", "generation.succeeded");
        }

        assertThat(calls.get(0).header("Last-Event-ID")).isEqualTo("null");
        assertThat(calls.get(1).header("Last-Event-ID")).isEqualTo("1");
    }

    @Test
    void otherOperationsHaveTheirPaths() {
        answers.add(json(202, QUEUED));
        answers.add(json(202, QUEUED));
        answers.add(json(204, ""));
        answers.add(json(201, "{\"id\":\"file_a\",\"media_type\":\"image/png\",\"width\":1,\"height\":2,\"bytes\":3}"));

        client.cancel("gen_a");
        client.retry("gen_a");
        client.delete("gen_a");
        var file = client.upload(new byte[] {1}, "image/png");

        assertThat(file.height()).isEqualTo(2);
        assertThat(calls.stream().map(call -> call.method() + " " + call.path()))
                .containsExactly(
                        "POST /v1/generations/gen_a/cancel",
                        "POST /v1/generations/gen_a/retry",
                        "DELETE /v1/generations/gen_a",
                        "POST /v1/files");
    }

    private void handle(HttpExchange exchange) throws IOException {
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        calls.add(new Call(exchange.getRequestMethod(), exchange.getRequestURI().toString(), body, exchange));
        Objects.requireNonNull(answers.poll(), "no more answers").to(exchange);
    }

    private static Answer json(int status, String body) {
        return exchange -> send(exchange, status, "application/json", body);
    }

    private static Answer stream(String body) {
        return exchange -> send(exchange, 200, "text/event-stream", body);
    }

    private static Answer bytes(String body, String digest) {
        return exchange -> {
            exchange.getResponseHeaders().set("Content-Digest", digest);
            send(exchange, 200, "image/png", body);
        };
    }

    private static Answer problem(int status, String code, boolean retryable, @Nullable String retryAfter) {
        return exchange -> {
            if (retryAfter != null) {
                exchange.getResponseHeaders().set("Retry-After", retryAfter);
            }
            exchange.getResponseHeaders().set("x-request-id", "req_1");
            var body =
                    "{\"detail\":\"It is wrong.\",\"code\":\"%s\",\"retryable\":%s,\"errors\":[{\"pointer\":\"/n\",\"detail\":\"Too many.\"},{\"header\":\"Prefer\",\"detail\":\"Bad.\"}]}"
                            .formatted(code, retryable);
            send(exchange, status, "application/problem+json", body);
        };
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String state(String status, boolean terminal, String more) {
        return "{\"id\":\"gen_a\",\"version\":1,\"status\":\"%s\",\"stage\":\"accepted\",\"terminal\":%s,\"created_at\":\"2026-11-21T10:00:00.120Z\",\"unknown\":{}%s}"
                .formatted(status, terminal, more);
    }
}
