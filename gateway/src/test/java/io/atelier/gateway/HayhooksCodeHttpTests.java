package io.atelier.gateway;

import static io.atelier.gateway.HayhooksClient.JSON;
import static io.atelier.gateway.HayhooksClient.bytes;
import static io.atelier.gateway.HayhooksClient.header;
import static io.atelier.gateway.HayhooksClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.faces.listener.FaceListener;
import io.atelier.messaging.InMemoryEventPublisher;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** The results of pipelines in Java, which come from a jar, and how their code is run. */
@GatewayHttpTest
@TestPropertySource(
        properties = {
            "io.atelier.faces.hayhooks.port=0",
            "io.atelier.faces.hayhooks.model=pocket",
            "io.atelier.faces.hayhooks.rescan-interval=100ms",
            "io.atelier.faces.hayhooks.get-allowed=true",
            "io.atelier.faces.hayhooks.max-runs=2",
            "io.atelier.faces.hayhooks.run-timeout=4s",
            "io.atelier.faces.hayhooks.idle-timeout=4s"
        })
@ExtendWith(OutputCaptureExtension.class)
class HayhooksCodeHttpTests {

    private static final Duration SOON = Duration.ofSeconds(15);
    private static final int PIECE = 64 * 1024;
    private static final long MEGABYTE = 1024 * 1024;

    @TempDir
    private static Path folder;

    @TempDir
    private static Path work;

    @Autowired
    private FaceListener hayhooksListener;

    @Autowired
    private FakeJobs jobs;

    @Autowired
    private AuditedObjectStore store;

    @Autowired
    private InMemoryEventPublisher publisher;

    private HayhooksClient client;

    @DynamicPropertySource
    static void pipelines(DynamicPropertyRegistry registry) throws IOException {
        registry.add("io.atelier.faces.hayhooks.pipelines", () -> folder.toString());
        kinds().write(folder.resolve("kinds.jar"));
    }

    /** The jar with a pipeline of each kind. */
    static PipelineJarBuilder kinds() throws IOException {
        var builder = new PipelineJarBuilder(work);
        try (var source = HayhooksCodeHttpTests.class.getResourceAsStream("/pipelines/Kinds.java.txt")) {
            assertThat(source).isNotNull();
            builder.source("demo.Kinds", new String(source.readAllBytes(), StandardCharsets.UTF_8));
        }
        for (var name : new String[] {"Greet", "Choose", "Stream", "Events", "Poster"}) {
            builder.service("demo.Kinds$" + name);
        }
        return builder;
    }

    @BeforeEach
    void startClient() {
        client = new HayhooksClient(hayhooksListener, jobs, store, publisher);
        clearProperties();
    }

    @AfterEach
    void awaitFreePlaces() {
        await().atMost(SOON).until(() -> run("greet", "{\"name\": \"hello\"}").statusCode() == 200);
    }

    private static void clearProperties() {
        for (var name : new ArrayList<>(System.getProperties().stringPropertyNames())) {
            if (name.matches("(stream|stuck|slow|events|hangs|pending|stream-fails)\\..*")) {
                System.clearProperty(name);
            }
        }
    }

    @Test
    void jarAddsItsPipelines() throws Exception {
        assertThat(client.text("/status"))
                .isEqualTo("{\"status\":\"Up!\",\"pipelines\":[\"choose\",\"events\",\"greet\",\"image_generation\","
                        + "\"poster\",\"stream\"]}");
        assertThat(client.get("/status/greet").get().statusCode()).isEqualTo(200);
    }

    @Test
    void resultOfAJsonPipelineIsInAnObject() throws Exception {
        var hello = run("greet", "{\"name\": \"hello\"}");
        assertThat(new String(hello.body(), StandardCharsets.UTF_8)).isEqualTo("{\"result\":\"hello\"}");
        assertThat(header(hello, "content-type")).isEqualTo("application/json");
        assertThat(header(hello, "cache-control")).isEqualTo("no-store");

        var values = json(run("greet", """
                {"name": "größe", "times": " 2 ", "loudness": "1e1", "titles": [1, {"a": null}], "extra": {"b": [true]}, "other": 1}
                """)).get("result");
        assertThat(values.get("name").stringValue()).isEqualTo("größe");
        assertThat(values.get("times").toString()).isEqualTo("2");
        assertThat(values.get("loudness").toString()).isEqualTo("10.0");
        assertThat(values.get("binary").toString()).isEqualTo("false");
        assertThat(values.get("titles").toString()).isEqualTo("[1,{\"a\":null}]");
        assertThat(values.get("extra").toString()).isEqualTo("{\"b\":[true]}");
        assertThat(values.has("other")).isFalse();

        assertThat(json(choose("null", "")).get("result").isNull()).isTrue();
    }

    @Test
    void codeRunsOnItsOwnThreadsWithTheLoaderOfItsJarAndTheIdOfTheRequest() throws Exception {
        var response = client.send(client.json("/greet/run", "{\"name\": \"a\"}"), "x-request-id", "id-of-this-request")
                .get();

        var values = json(response).get("result");
        assertThat(values.get("thread").stringValue()).isEqualTo("pipeline-");
        assertThat(values.get("loader").booleanValue()).isTrue();
        assertThat(values.get("request").stringValue()).isEqualTo("id-of-this-request");
        assertThat(header(response, "x-request-id")).isEqualTo("id-of-this-request");
    }

    @Test
    void codeSeesNoLibrariesOfTheGateway() throws Exception {
        assertThat(text(choose("isolation", ""))).isEqualTo("false false true true true");
    }

    @Test
    void binaryResultOfAJsonPipelineIsPassedThroughWithItsHeaders() throws Exception {
        var response = run("greet", "{\"name\": \"a\", \"binary\": true}");

        assertThat(response.body()).isEqualTo(new byte[] {(byte) 137, 80, 78, 71});
        assertThat(header(response, "content-type")).isEqualTo("image/png");
        assertThat(header(response, "content-disposition")).isEqualTo("inline; filename=\"image.png\"");
        assertThat(header(response, "content-length")).isEqualTo("4");
        assertThat(header(response, "x-made-by")).isEqualTo("greet");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | missing | name | Field required",
                "{\"name\": 1} | string_type | name | Input should be a valid string",
                "{\"name\": null} | string_type | name | Input should be a valid string",
                "{\"name\": \"a\", \"times\": 6} | less_than_equal | times | Input should be less than or equal to 5",
                "{\"name\": \"a\", \"times\": 0} | greater_than_equal | times | Input should be greater than or equal to 1",
                "{\"name\": \"a\", \"times\": 1.5} | int_from_float | times | Input should be a valid integer, got a number with a fractional part",
                "{\"name\": \"a\", \"loudness\": \"x\"} | float_parsing | loudness | Input should be a valid number, unable to parse string as a number",
                "{\"name\": \"a\", \"loudness\": []} | float_type | loudness | Input should be a valid number",
                "{\"name\": \"a\", \"loudness\": 1e999} | finite_number | loudness | Input should be a finite number",
                "{\"name\": \"a\", \"binary\": 2} | bool_parsing | binary | Input should be a valid boolean, unable to interpret input",
                "{\"name\": \"a\", \"binary\": 0.5} | bool_type | binary | Input should be a valid boolean",
                "{\"name\": \"a\", \"binary\": null} | bool_type | binary | Input should be a valid boolean",
                "{\"name\": \"a\", \"titles\": {}} | list_type | titles | Input should be a valid list",
                "{\"name\": \"a\", \"extra\": []} | dict_type | extra | Input should be a valid dictionary"
            })
    void invalidParameterHasTheErrorOfPydantic(String body, String type, String name, String msg) throws Exception {
        var response = run("greet", body);

        assertThat(response.statusCode()).isEqualTo(422);
        var error = json(response).at("/detail/0");
        assertThat(error.get("type").stringValue()).isEqualTo(type);
        assertThat(error.get("loc").toString()).isEqualTo("[\"body\",\"%s\"]".formatted(name));
        assertThat(error.get("msg").stringValue()).isEqualTo(msg);
    }

    @Test
    void descriptionHasParametersAndMediaTypes() throws Exception {
        var paths = JSON.readTree(client.text("/openapi.json")).get("paths");

        var greet = paths.at("/~1greet~1run/post");
        assertThat(greet.get("description").stringValue()).isEqualTo("Greets.");
        var body = greet.at("/requestBody/content/application~1json/schema");
        assertThat(body.get("required").toString()).isEqualTo("[\"name\"]");
        assertThat(body.at("/properties/times").toString())
                .isEqualTo("{\"type\":\"integer\",\"description\":\"How often\",\"default\":1,\"minimum\":1.0,"
                        + "\"maximum\":5.0}");
        assertThat(greet.at("/responses/200/content/application~1json/schema/properties/result")
                        .isObject())
                .isTrue();
        assertThat(paths.at("/~1stream~1run/post/responses/200/content").toString())
                .isEqualTo("{\"audio/wav\":{\"schema\":{\"type\":\"string\",\"format\":\"binary\"}}}");
        assertThat(paths.at("/~1stream~1run/post/requestBody/required").booleanValue())
                .isFalse();
        assertThat(paths.at("/~1events~1run/post/responses/200/content").has("text/event-stream"))
                .isTrue();
    }

    @Test
    void textsStatusCodesAndRedirectsAreSentAsTheyAre() throws Exception {
        var text = choose("text", "größe");
        assertThat(text.statusCode()).isEqualTo(200);
        assertThat(text(text)).isEqualTo("größe");
        assertThat(header(text, "content-type")).isEqualTo("text/plain; charset=utf-8");

        var teapot = choose("teapot", "");
        assertThat(teapot.statusCode()).isEqualTo(418);
        assertThat(text(teapot)).isEqualTo("short and stout");

        assertThat(choose("nothing", "").statusCode()).isEqualTo(204);

        var redirect = choose("redirect", "/docs");
        assertThat(redirect.statusCode()).isEqualTo(303);
        assertThat(header(redirect, "location")).isEqualTo("/docs");
        assertThat(choose("moved", "https://example.com/").statusCode()).isEqualTo(308);
    }

    @Test
    void fileHasTheHeadersOfAFileAndItsParts() throws Exception {
        var file = Files.write(work.resolve("manual.pdf"), bytes(100_000));

        var whole = choose("file", file.toString());
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).isEqualTo(bytes(100_000));
        assertThat(header(whole, "content-type")).isEqualTo("application/pdf");
        assertThat(header(whole, "content-disposition")).isEqualTo("attachment; filename=\"document.pdf\"");
        assertThat(header(whole, "content-length")).isEqualTo("100000");
        assertThat(header(whole, "accept-ranges")).isEqualTo("bytes");
        assertThat(header(whole, "last-modified")).endsWith("GMT");
        var tag = header(whole, "etag");
        assertThat(tag).matches("\"[0-9a-f-]+\"");

        var part = choose("file", file.toString(), "Range", "bytes=0-7");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOf(bytes(100_000), 8));
        assertThat(header(part, "content-range")).isEqualTo("bytes 0-7/100000");
        var end = choose("file", file.toString(), "Range", "bytes=-20000", "If-Range", tag);
        assertThat(end.body()).isEqualTo(Arrays.copyOfRange(bytes(100_000), 80_000, 100_000));
        assertThat(choose("file", file.toString(), "Range", "bytes=0-7", "If-Range", "\"other\"")
                        .statusCode())
                .isEqualTo(200);
        var after = choose("file", file.toString(), "Range", "bytes=100000-");
        assertThat(after.statusCode()).isEqualTo(416);
        assertThat(header(after, "content-range")).isEqualTo("bytes */100000");

        var path = "/choose/run?kind=file&value=" + file;
        assertThat(client.get(path, "If-None-Match", tag).get().statusCode()).isEqualTo(304);
        var inline = client.get(path + "&disposition=inline").get();
        assertThat(header(inline, "content-disposition")).isEqualTo("inline; filename=\"document.pdf\"");
        Files.delete(file);
        assertThat(choose("file", file.toString()).statusCode()).isEqualTo(500);
        assertThat(choose("file", work.toString()).statusCode()).isEqualTo(500);
    }

    @Test
    void headHasTheHeadersOfGet() throws Exception {
        var file = Files.write(work.resolve("head.pdf"), bytes(5_000));
        for (var query :
                new String[] {"choose/run?kind=file&value=" + file, "choose/run?kind=text&value=abc", "stream/run"}) {
            var request = HttpRequest.newBuilder(client.address("/" + query))
                    .method("HEAD", HttpRequest.BodyPublishers.noBody());
            var head = client.send(request).get();
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            assertThat(header(head, "content-type")).isNotEmpty();
            if (!query.startsWith("stream")) {
                assertThat(header(head, "content-length"))
                        .isEqualTo(header(client.get("/" + query).get(), "content-length"));
            }
        }
        assertThat(System.getProperty("stream.made")).isNull();
        var put = client.send(client.json("/choose/run", "{}").method("PUT", HttpRequest.BodyPublishers.noBody()))
                .get();
        assertThat(put.statusCode()).isEqualTo(405);
        assertThat(header(put, "allow")).isEqualTo("GET, HEAD, POST");
    }

    @ParameterizedTest
    @CsvSource({
        "größe.bin,attachment; filename*=utf-8''gr%C3%B6%C3%9Fe.bin",
        "two words.bin,attachment; filename*=utf-8''two%20words.bin"
    })
    void nameOfTheFileIsEncodedIfItMustBe(String name, String disposition) throws Exception {
        assertThat(header(choose("named", name), "content-disposition")).isEqualTo(disposition);
    }

    @Test
    void largeStreamIsByteIdenticalAndTakesLittleMemory() throws Exception {
        int pieces = (int) (200 * MEGABYTE / PIECE);
        var response = stream("{\"pieces\": %d}".formatted(pieces));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "content-type")).isEqualTo("audio/wav");
        assertThat(header(response, "content-disposition")).isEqualTo("attachment; filename=\"audio.wav\"");
        assertThat(header(response, "content-length")).isEmpty();
        assertThat(header(response, "transfer-encoding")).isEqualTo("chunked");
        assertThat(header(response, "etag")).isEmpty();

        long before = usedHeap();
        long highest = 0;
        var expected = new byte[PIECE];
        try (var body = response.body()) {
            for (int piece = 0; piece < pieces; piece++) {
                new Random(piece).nextBytes(expected);
                assertThat(Arrays.equals(body.readNBytes(PIECE), expected))
                        .as("piece %d", piece)
                        .isTrue();
                if (piece % (pieces / 10) == pieces / 20) {
                    highest = Math.max(highest, usedHeap());
                }
            }
            assertThat(body.read()).isEqualTo(-1);
        }
        // The client of this test, which is in the same heap, is in it too.
        assertThat(highest - before).isLessThan(16 * MEGABYTE);
        assertThat(System.getProperty("stream.thread")).startsWith("pipeline-");
    }

    @Test
    void streamIsMadeAsFastAsTheClientTakesIt() throws Exception {
        var response = stream("{\"pieces\": 3200}");
        try (var body = response.body()) {
            assertThat(body.readNBytes(PIECE)).hasSize(PIECE);
            Thread.sleep(1_500);
            // What the connection holds between both, and the client has received without reading it.
            assertThat(Long.parseLong(System.getProperty("stream.made")) * PIECE)
                    .isLessThan(16 * MEGABYTE);
        }
        await().atMost(SOON).until(() -> System.getProperty("stream.canceled") != null);
        assertThat(System.getProperty("stream.canceled")).startsWith("pipeline-");
    }

    @Test
    void streamIsCanceledIfTheClientTakesNothing() throws Exception {
        var response = stream("{\"pieces\": 3200, \"id\": \"stuck\"}");
        try (var body = response.body()) {
            assertThat(body.readNBytes(PIECE)).hasSize(PIECE);
            await().atMost(SOON).until(() -> System.getProperty("stuck.canceled") != null);
        }
    }

    @Test
    void pieceOfASlowStreamIsSentAtOnce() throws Exception {
        var request = client.json("/choose/run", "{\"kind\": \"slow-stream\"}").build();
        var response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());

        try (var body = response.body()) {
            assertThat(body.readNBytes(7)).isEqualTo("piece 0".getBytes(StandardCharsets.UTF_8));
            System.setProperty("slow.go", "");
            assertThat(body.readAllBytes()).isEqualTo("piece 1".getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void eventsAreSentOneByOne() throws Exception {
        var request = HttpRequest.newBuilder(client.address("/events/run")).POST(HttpRequest.BodyPublishers.noBody());
        var response = HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());

        assertThat(header(response, "content-type")).startsWith("text/event-stream");
        try (var body = response.body()) {
            var first = "data: größe 0\n\n".getBytes(StandardCharsets.UTF_8);
            assertThat(body.readNBytes(first.length)).isEqualTo(first);
            System.setProperty("events.go", "");
            assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("data: größe 1\n\nid: 7\nevent: end\ndata: two\ndata: lines\n\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"throws", "fails", "overflows", "no-result", "no-stage", "stream-fails"})
    void failureOfTheCodeHasNoDetailsAndIsLogged(String kind, CapturedOutput output) throws Exception {
        var response = client.send(
                        client.json("/choose/run", "{\"kind\": \"%s\"}".formatted(kind)),
                        "x-request-id",
                        "failed-" + kind)
                .get();

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(text(response))
                .isEqualTo("{\"detail\":\"Pipeline execution failed: The pipeline failed. The log of the gateway has"
                        + " the cause under the request id.\",\"code\":\"INTERNAL\"}");
        assertThat(output).contains("Request failed-%s: the pipeline choose failed".formatted(kind));
    }

    @Test
    void codeCanChooseStatusAndDetailOfAFailure() throws Exception {
        var refused = choose("refuses", "");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(text(refused)).isEqualTo("{\"detail\":\"There is one already.\"}");
        var late = choose("late-refuses", "");
        assertThat(late.statusCode()).isEqualTo(410);
        assertThat(header(late, "content-type")).isEqualTo("application/json");
    }

    @Test
    void runIsInterruptedWhenItsTimeIsOver() throws Exception {
        var response = choose("hangs", "");

        assertThat(response.statusCode()).isEqualTo(504);
        assertThat(json(response).get("code").stringValue()).isEqualTo("TIMEOUT");
        assertThat(json(response).get("detail").stringValue())
                .isEqualTo("Pipeline execution failed: The pipeline 'choose' has no result after 4 s.");
        await().atMost(SOON).until(() -> "true".equals(System.getProperty("hangs.canceled")));
    }

    @Test
    void runIsCanceledWhenItsClientDisconnects() throws Exception {
        var pending = HttpClient.newHttpClient()
                .sendAsync(
                        client.json("/choose/run", "{\"kind\": \"pending\"}").build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        await().atMost(SOON).until(() -> System.getProperty("pending.started") != null);
        pending.cancel(true);

        // Before the time limit would end it.
        await().atMost(Duration.ofSeconds(3)).until(() -> System.getProperty("pending.thread") != null);
        assertThat(System.getProperty("pending.thread")).startsWith("pipeline-");
    }

    @Test
    void oneRunTooManyIsRefused() throws Exception {
        var first = pending();
        var second = pending();
        await().atMost(SOON).untilAsserted(() -> {
            var refused = run("greet", "{\"name\": \"hello\"}");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(json(refused).get("code").stringValue()).isEqualTo("OVERLOADED");
            assertThat(header(refused, "retry-after")).isEqualTo("1");
        });
        assertThat(first.get().statusCode()).isEqualTo(504);
        assertThat(second.get().statusCode()).isEqualTo(504);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void codeGeneratesImages(boolean isBlocking) throws Exception {
        var pending = client.send(
                client.json("/poster/run", "{\"title\": \"a castle\", \"wait\": %s}".formatted(isBlocking)));
        var id = client.accepted();
        client.succeed(id, bytes(500), 128, 64);

        var response = pending.get();
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(client.requested().prompt()).isEqualTo("a castle");
        assertThat(client.requested().model()).isEqualTo("pocket");
        assertThat(client.requested().size().toString()).isEqualTo("128x64");
        assertThat(client.requested().seed()).isEqualTo(7);
        if (isBlocking) {
            assertThat(response.body()).isEqualTo(bytes(500));
            assertThat(header(response, "content-disposition")).isEqualTo("inline; filename=\"poster.png\"");
        } else {
            var result = json(response).get("result");
            assertThat(result.get("id").stringValue()).isEqualTo(id.value());
            assertThat(result.get("key").stringValue()).isEqualTo(SampleJobs.key(id, 0));
            assertThat(result.get("bytes").intValue()).isEqualTo(500);
            assertThat(result.get("thread").stringValue()).isEqualTo("pipeline-");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void failureOfAnImageIsThatOfThePipeline(boolean isBlocking) throws Exception {
        var pending =
                client.send(client.json("/poster/run", "{\"title\": \"fails\", \"wait\": %s}".formatted(isBlocking)));
        var id = client.accepted();
        jobs.show(JobBuilder.of(SampleJobs.as(id, SampleJobs.in(JobStatus.FAILED)))
                .error(new Failure(Failure.Code.RATE_LIMITED, "The provider said no."))
                .job());

        var response = pending.get();
        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(json(response).get("detail").stringValue())
                .isEqualTo("Pipeline execution failed: The provider said no.");
        assertThat(json(response).get("code").stringValue()).isEqualTo("RATE_LIMITED");
        assertThat(json(response).get("job_id").stringValue()).isEqualTo(id.value());
    }

    @Test
    void invalidRequestForAnImageIsThatOfThePipeline() throws Exception {
        var response = run("poster", "{\"title\": \"\"}");

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(json(response).at("/detail/0/loc").toString()).isEqualTo("[\"body\",\"prompt\"]");
        assertThat(client.created()).isEmpty();
    }

    private CompletableFuture<HttpResponse<byte[]>> pending() {
        return client.send(client.json("/choose/run", "{\"kind\": \"pending\"}"));
    }

    private HttpResponse<InputStream> stream(String body) throws Exception {
        return HttpClient.newHttpClient()
                .send(client.json("/stream/run", body).build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    private HttpResponse<byte[]> choose(String kind, String value, String... headers) throws Exception {
        var body = JSON.writeValueAsString(
                JSON.createObjectNode().put("kind", kind).put("value", value));
        return client.send(client.json("/choose/run", body), headers).get();
    }

    private HttpResponse<byte[]> run(String pipeline, String body) throws Exception {
        return client.send(client.json("/" + pipeline + "/run", body)).get();
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    /** What is in use, in bytes, without garbage. */
    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
