package io.atelier.gateway;

import static io.atelier.gateway.HayhooksClient.JSON;
import static io.atelier.gateway.HayhooksClient.RUN;
import static io.atelier.gateway.HayhooksClient.TIMEOUT;
import static io.atelier.gateway.HayhooksClient.bytes;
import static io.atelier.gateway.HayhooksClient.header;
import static io.atelier.gateway.HayhooksClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.faces.listener.FaceListener;
import io.atelier.gateway.view.workers.WorkerRegistry;
import io.atelier.messaging.InMemoryEventPublisher;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** The face for clients of hayhooks: the image as the response, the errors of FastAPI, and what is read of a job later. */
@GatewayHttpTest
@TestPropertySource(
        properties = {
            "io.atelier.faces.hayhooks.port=0",
            "io.atelier.faces.wait-timeout=2s",
            "logging.level.io.atelier.gateway.faces.hayhooks=info"
        })
@ExtendWith(OutputCaptureExtension.class)
class HayhooksHttpTests {

    private static final String SCHNELL = "black-forest-labs/FLUX.1-schnell";

    @LocalServerPort
    private int mainPort;

    @Autowired
    private FaceListener hayhooksListener;

    @Autowired
    private FakeJobs jobs;

    @Autowired
    private AuditedObjectStore store;

    @Autowired
    private InMemoryEventPublisher publisher;

    @Autowired
    private WorkerRegistry workers;

    private HayhooksClient client;

    @BeforeEach
    void startWithoutJobs() {
        workers.put(SampleWorkers.ready("remote-1", "remote", "huggingface"), Instant.now());
        client = new HayhooksClient(hayhooksListener, jobs, store, publisher);
    }

    @AfterEach
    void awaitNoSubscribers() {
        await().atMost(TIMEOUT).until(() -> jobs.followers() == 0);
    }

    @Test
    void responseIsTheImageWithTheHeadersOfAFile() throws Exception {
        var image = bytes(20_000);
        var pending = post("{\"prompt\":\"A cat sitting on a rainbow\",\"width\":512,\"height\":512}");
        var id = accepted();
        succeed(id, image);

        var response = pending.get();
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(image);
        assertThat(header(response, "content-type")).isEqualTo("image/png");
        assertThat(header(response, "content-disposition")).isEqualTo("attachment; filename=\"generated_image.png\"");
        assertThat(header(response, "accept-ranges")).isEqualTo("bytes");
        assertThat(header(response, "content-length")).isEqualTo("20000");
        assertThat(header(response, "last-modified")).endsWith("GMT");
        assertThat(header(response, "etag")).matches("\"[^\"]+\"");
        assertThat(header(response, "x-request-id")).matches("[0-9a-f]{8,}");
        assertThat(header(response, "x-job-id")).isEqualTo(id.value());
        assertThat(header(response, "x-object-key")).isEqualTo(SampleJobs.key(id, 0));
        assertThat(requested().requestedModel()).isEqualTo(SCHNELL);
        assertThat(requested().engine()).isEqualTo("huggingface");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"prompt\": \"a\"} | 512x512",
                "{\"prompt\": \"a\", \"width\": 128, \"height\": 64} | 128x64",
                "{\"prompt\": \"a\", \"width\": \"64\"} | 64x512",
                "{\"prompt\": \"a\", \"width\": \" 64 \", \"height\": \"72.0\"} | 64x72",
                "{\"prompt\": \"a\", \"width\": 128.0, \"height\": 1.28e2} | 128x128",
                "{\"prompt\": \"a\", \"width\": 500, \"height\": 2047} | 504x2048",
                "{\"width\": 64, \"prompt\": \"b\", \"width\": 72, \"prompt\": \"a\"} | 72x512",
                "{\"prompt\": \"a\", \"model\": \"\", \"other\": {\"x\": [1]}} | 512x512"
            })
    void sizeIsReadAsPydanticDoes(String body, String size) throws Exception {
        var pending = post(body);
        succeed(accepted(), bytes(9));

        assertThat(pending.get().statusCode()).isEqualTo(200);
        assertThat(requested().prompt()).isEqualTo("a");
        assertThat(requested().model()).isEqualTo(SCHNELL);
        assertThat(requested().size().toString()).isEqualTo(size);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | missing | body,prompt | Field required",
                "{\"prompt\": null} | string_type | body,prompt | Input should be a valid string",
                "{\"prompt\": 5} | string_type | body,prompt | Input should be a valid string",
                "{\"prompt\": \"a\", \"model\": 5} | string_type | body,model | Input should be a valid string",
                "{\"prompt\": \"a\", \"width\": \"big\"} | int_parsing | body,width | Input should be a valid integer, unable to parse string as an integer",
                "{\"prompt\": \"a\", \"width\": \"\"} | int_parsing | body,width | Input should be a valid integer, unable to parse string as an integer",
                "{\"prompt\": \"a\", \"width\": \"12.5\"} | int_parsing | body,width | Input should be a valid integer, unable to parse string as an integer",
                "{\"prompt\": \"a\", \"height\": 12.5} | int_from_float | body,height | Input should be a valid integer, got a number with a fractional part",
                "{\"prompt\": \"a\", \"width\": null} | int_type | body,width | Input should be a valid integer",
                "{\"prompt\": \"a\", \"width\": true} | int_type | body,width | Input should be a valid integer",
                "{\"prompt\": \"a\", \"width\": []} | int_type | body,width | Input should be a valid integer",
                "{\"prompt\": \"a\", \"width\": 0} | greater_than_equal | body,width | Input should be greater than or equal to 64",
                "{\"prompt\": \"a\", \"width\": -5} | greater_than_equal | body,width | Input should be greater than or equal to 64",
                "{\"prompt\": \"a\", \"width\": 1e400} | less_than_equal | body,width | Input should be less than or equal to 2048",
                "{\"prompt\": \"a\", \"width\": 1e-400} | int_from_float | body,width | Input should be a valid integer, got a number with a fractional part",
                "{\"prompt\": \"a\", \"height\": 2049} | less_than_equal | body,height | Input should be less than or equal to 2048",
                "[] | model_attributes_type | body | Input should be a valid dictionary or object to extract fields from",
                "3 | model_attributes_type | body | Input should be a valid dictionary or object to extract fields from",
                "null | missing | body | Field required",
                "{\"prompt\": | json_invalid | body,* | JSON decode error",
                "{\"prompt\": \"a\"} x | json_invalid | body,* | JSON decode error",
                "{\"prompt\": \"a\", \"width\": 1e99999999999} | json_invalid | body,* | JSON decode error",
                "{\"prompt\": \"\"} | value_error | body,prompt | Value error*",
                "{\"prompt\": \"a\\ud800\"} | value_error | body,prompt | Value error*",
                "{\"prompt\": \"a\", \"model\": \"none\"} | value_error | body,model | *FLUX.1-schnell*",
                "{\"prompt\": \"a\", \"model\": \"pocket\", \"width\": 2048} | value_error | body,width | *1024*"
            })
    void invalidParameterHasTheErrorOfPydantic(String body, String type, String loc, String msg) throws Exception {
        var response = post(body).get();

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(header(response, "content-type")).isEqualTo("application/json");
        assertThat(header(response, "x-request-id")).matches("[0-9a-f]{8,}");
        var error = json(response).get("detail").get(0);
        assertThat(error.get("type").stringValue()).isEqualTo(type);
        assertThat(error.has("input")).isTrue();
        var place = String.join(
                ",", error.get("loc").values().stream().map(JsonNode::asString).toList());
        assertThat(place).matches(loc.replace("*", "\\d+"));
        assertThat(error.get("msg").stringValue())
                .matches(msg.replace(".", "\\.").replace("*", "(?s).*"));
        assertThat(created()).isEmpty();
    }

    @Test
    void missingPromptHasExactlyTheBodyOfFastApi() throws Exception {
        assertThat(json(post("{}").get()))
                .isEqualTo(
                        JSON.readTree(
                                "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\",\"prompt\"],\"msg\":\"Field required\",\"input\":{}}]}"));
    }

    @Test
    void allErrorsAreNamedAtOnce() throws Exception {
        var response = post("{\"width\": \"x\", \"height\": null}").get();

        assertThat(json(response).get("detail").size()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"})
    void bodyOfAnotherTypeIsNoObject(String type) throws Exception {
        var response = send(HttpRequest.newBuilder(address(RUN))
                        .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\": \"a\"}"))
                        .header("Content-Type", type))
                .get();

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(json(response).at("/detail/0/type").stringValue()).isEqualTo("model_attributes_type");
        assertThat(created()).isEmpty();
    }

    @Test
    void bodyThatIsNoTextIsRefused() throws Exception {
        var response = send(HttpRequest.newBuilder(address(RUN))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {'{', (byte) 0xFF, '}'}))
                        .header("Content-Type", "application/json"))
                .get();

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).get("detail").stringValue()).startsWith("There was an error parsing the body");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json; charset=utf-8", "APPLICATION/JSON", "application/vnd.x+json"})
    void bodyWithATypeOfJsonIsRead(String type) throws Exception {
        var response = send(HttpRequest.newBuilder(address(RUN))
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .header("Content-Type", type))
                .get();

        assertThat(json(response).at("/detail/0/loc/1").stringValue()).isEqualTo("prompt");
    }

    /** Each row is the request line without its end and a header, then the body. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST /image_generation/run Content-Type: / | {} | 422",
                "POST /image_generation/run Content-Type: application/json;charset=none | {} | 422",
                "POST /image_generation/run Accept: , | {} | 422",
                "POST /image_generation/run Accept: ; | {} | 422",
                "POST /image_generation/run Range: bytes=x | {} | 422",
                "POST /image_generation/run Content-Encoding: br | {} | 415",
                "POST /image_generation/run Content-Encoding: gzip | {} | 400",
                "POST /image_generation/run Idempotency-Key: | {\"prompt\": \"a\"} | 400",
                "POST /image_generation/run Host: example.org | {} | 421",
                "POST /image_generation/run?disposition=%ff X: y | {\"prompt\": \"a\"} | 422",
                "POST /image_generation/run?disposition=%zz X: y | {\"prompt\": \"a\"} | 400",
                "POST /%zz/run X: y | {\"prompt\": \"a\"} | 400",
                "POST /%ff/run X: y | {\"prompt\": \"a\"} | 404",
                "POST /image_generation/run/ X: y | {\"prompt\": \"a\"} | 404",
                "GET /image_generation/run/%2e%2e X: y | '' | 404",
                "GET /image_generation/run/gen_x X: y | '' | 404",
                "GET /status/%00 X: y | '' | 404",
                "HEAD /image_generation/run X: y | '' | 405",
                "OPTIONS /image_generation/run X: y | '' | 405",
                "TRACE /image_generation/run X: y | '' | 405",
                "NONE /image_generation/run X: y | '' | 405"
            })
    void unusualRequestIsRefusedWithItsReason(String head, String body, String status) throws Exception {
        var line = head.split(" ", 3);
        var host = line[2].startsWith("Host:") ? "" : "Host: 127.0.0.1\r\n";
        var request = "%s %s HTTP/1.1\r\n%sConnection: close\r\n%s\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(line[0], line[1], host, line[2], body.length(), body);
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), address("/").getPort())) {
            socket.setSoTimeout((int) TIMEOUT.toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            var response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(response).startsWith("HTTP/1.1 " + status);
        }
        assertThat(created()).isEmpty();
    }

    @Test
    void largeBodyIsRefused() throws Exception {
        var response =
                post("{\"prompt\": \"%s\"}".formatted("x".repeat(1_100_000))).get();

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(json(response).get("detail").stringValue()).contains("larger than");
        var deep = post("[".repeat(1_000)).get();
        assertThat(json(deep).at("/detail/0/type").stringValue()).isEqualTo("json_invalid");
    }

    @Test
    void rangeAppliesToTheResponse() throws Exception {
        var image = bytes(1_000);
        var pending = post("{\"prompt\": \"part\"}", "Range", "bytes=0-7");
        succeed(accepted(), image);

        var response = pending.get();
        assertThat(response.statusCode()).isEqualTo(206);
        assertThat(header(response, "content-range")).isEqualTo("bytes 0-7/1000");
        assertThat(response.body()).isEqualTo(Arrays.copyOf(image, 8));
    }

    @Test
    void imageIsCroppedToTheRequestedSize() throws Exception {
        var made = new BufferedImage(504, 72, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < 504; x++) {
            for (int y = 0; y < 72; y++) {
                made.setRGB(x, y, x << 8 | y);
            }
        }
        var file = new ByteArrayOutputStream();
        ImageIO.write(made, "png", file);
        var pending = post("{\"prompt\": \"cropped\", \"width\": 500, \"height\": 65}");
        var id = accepted();
        client.succeed(id, file.toByteArray(), 504, 72);

        assertThat(requested().size()).isEqualTo(new ImageSize(504, 72));
        assertThat(requested().labels()).containsEntry("hayhooks.size", "500x65");
        var image = ImageIO.read(new ByteArrayInputStream(pending.get().body()));
        assertThat(image.getWidth()).isEqualTo(500);
        assertThat(image.getHeight()).isEqualTo(65);
        assertThat(image.getRGB(0, 0)).isEqualTo(made.getRGB(2, 3));
        assertThat(image.getRGB(499, 64)).isEqualTo(made.getRGB(501, 67));
        assertThat(header(pending.get(), "content-length"))
                .isEqualTo(Integer.toString(pending.get().body().length));
        assertThat(header(pending.get(), "x-object-key")).contains("/derivatives/");
        var later = send(HttpRequest.newBuilder(address(RUN + "/" + id))).get();
        assertThat(later.body()).isEqualTo(pending.get().body());
    }

    @Test
    void imageThatAProviderMadeInAnotherSizeStaysAsItIs() throws Exception {
        var pending = post("{\"prompt\": \"another size\", \"width\": 500}");
        client.succeed(accepted(), bytes(30), 1024, 1024);

        assertThat(pending.get().body()).isEqualTo(bytes(30));
    }

    @Test
    void clientCanAskForAnInlineImage() throws Exception {
        var pending = send(client.json(RUN + "?disposition=inline", "{\"prompt\": \"inline\"}"));
        succeed(accepted(), bytes(9));

        assertThat(header(pending.get(), "content-disposition")).isEqualTo("inline; filename=\"generated_image.png\"");
        var wrong = send(client.json(RUN + "?disposition=x", "{\"prompt\": \"inline\"}"))
                .get();
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(json(wrong).at("/detail/0/loc/1").stringValue()).isEqualTo("disposition");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/image_generation/run,405,POST",
        "PUT,/image_generation/run,405,POST",
        "POST,/status,405,GET",
        "GET,/none/run,404,",
        "POST,/none/run,404,",
        "GET,/v1/generations,404,",
        "GET,/readyz,404,",
        "POST,/v1/images/generations,404,"
    })
    void otherPathsAndMethodsAreRefusedAsInFastApi(String method, String path, int status, String allowed)
            throws Exception {
        var response = send(HttpRequest.newBuilder(address(path)).method(method, HttpRequest.BodyPublishers.noBody()))
                .get();

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"detail\":\"%s\"}".formatted(status == 405 ? "Method Not Allowed" : "Not Found"));
        assertThat(response.headers().firstValue("allow").orElse(null)).isEqualTo(allowed);
    }

    @Test
    void mainPortDoesNotHaveThePath() throws Exception {
        var response = send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + mainPort + RUN))
                        .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\": \"a\"}"))
                        .header("Content-Type", "application/json"))
                .get();

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(header(response, "content-type")).isEqualTo("application/problem+json");
    }

    @Test
    void anyModelOfHuggingFaceCanBeNamed() throws Exception {
        var pending = post("{\"prompt\": \"other\", \"model\": \"some-org/Some.Model\", \"width\": 64}");
        succeed(accepted(), bytes(9));

        assertThat(pending.get().statusCode()).isEqualTo(200);
        assertThat(requested().model()).isEqualTo("some-org/Some.Model");
        assertThat(requested().requestedModel()).isEqualTo("some-org/Some.Model");
        assertThat(requested().engine()).isEqualTo("huggingface");
        assertThat(requested().engineModel()).isEqualTo("some-org/Some.Model");
        assertThat(requested().size()).isEqualTo(new ImageSize(64, 512));
        var generation = send(HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d/v1/generations/%s".formatted(mainPort, accepted()))))
                .get();
        assertThat(generation.statusCode()).isEqualTo(200);
        assertThat(json(generation).get("model").stringValue()).isEqualTo("some-org/Some.Model");
    }

    @ParameterizedTest
    @CsvSource({
        "RATE_LIMITED,429,RATE_LIMITED",
        "MODERATION_BLOCKED,422,POLICY_VIOLATION",
        "REQUEST_REJECTED,400,INVALID_REQUEST",
        "PROVIDER_AUTH,502,PROVIDER_AUTH",
        "PROVIDER_ERROR,502,PROVIDER_ERROR",
        "NETWORK_ERROR,502,NETWORK_ERROR",
        "INVALID_RESPONSE,502,INVALID_RESPONSE",
        "PROVIDER_TIMEOUT,504,TIMEOUT",
        "NOT_CONFIGURED,503,NOT_CONFIGURED",
        "STORAGE_ERROR,503,STORAGE_ERROR",
        "POISONED,500,INTERNAL"
    })
    void failureOfThePipelineHasItsStatus(Failure.Code code, int status, String word) throws Exception {
        var pending = post("{\"prompt\": \"fails\"}");
        var id = accepted();
        jobs.show(JobBuilder.of(SampleJobs.as(id, SampleJobs.in(JobStatus.FAILED)))
                .error(new Failure(code, "The provider said no.", null, null, 7L))
                .job());

        var response = pending.get();
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(header(response, "retry-after")).isEqualTo("7");
        assertThat(header(response, "x-request-id")).matches("[0-9a-f]{8,}");
        var body = json(response);
        assertThat(body.get("detail").stringValue()).isEqualTo("Pipeline execution failed: The provider said no.");
        assertThat(body.get("code").stringValue()).isEqualTo(word);
        assertThat(body.get("job_id").stringValue()).isEqualTo(id.value());
    }

    @Test
    void canceledJobIsAConflict() throws Exception {
        var pending = post("{\"prompt\": \"canceled\"}");
        jobs.show(SampleJobs.as(accepted(), SampleJobs.in(JobStatus.CANCELED)));

        assertThat(pending.get().statusCode()).isEqualTo(409);
        assertThat(json(pending.get()).get("code").stringValue()).isEqualTo("CANCELLED");
    }

    @Test
    void imageThatIsGoneIsAFailure() throws Exception {
        var pending = post("{\"prompt\": \"gone\"}");
        jobs.show(SampleJobs.as(accepted(), SampleJobs.succeeded(bytes(40))));

        assertThat(pending.get().statusCode()).isEqualTo(500);
        assertThat(json(pending.get()).get("detail").stringValue()).startsWith("Pipeline execution failed: ");
    }

    @Test
    void waitEndsBeforeProxiesDoAndTheKeyFindsTheJob() throws Exception {
        var key = "k-" + System.nanoTime();
        var first = post("{\"prompt\": \"slow\"}", "Idempotency-Key", key).get();
        var id = accepted();
        assertThat(first.statusCode()).isEqualTo(504);
        assertThat(json(first).get("code").stringValue()).isEqualTo("TIMEOUT");
        assertThat(json(first).get("job_id").stringValue()).isEqualTo(id.value());
        assertThat(header(first, "x-job-id")).isEqualTo(id.value());
        assertThat(header(first, "retry-after")).isEqualTo("1");

        succeed(id, bytes(77));
        var again = post("{\"prompt\": \"slow\"}", "Idempotency-Key", key).get();
        assertThat(again.body()).isEqualTo(bytes(77));
        assertThat(created()).containsExactly(id);
        var other = post("{\"prompt\": \"other\"}", "Idempotency-Key", key).get();
        assertThat(other.statusCode()).isEqualTo(422);
    }

    @Test
    void clientThatDoesNotWantToWaitGetsThePlaceOfTheImage() throws Exception {
        var response =
                post("{\"prompt\": \"later\"}", "Prefer", "respond-async").get();
        var id = accepted();
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(header(response, "preference-applied")).isEqualTo("respond-async");
        assertThat(json(response).get("job_id").stringValue()).isEqualTo(id.value());
        var place = header(response, "location");

        var pending = send(HttpRequest.newBuilder(address(place))).get();
        assertThat(pending.statusCode()).isEqualTo(202);
        assertThat(header(pending, "retry-after")).matches("\\d+");
        succeed(id, bytes(50));
        var image = send(HttpRequest.newBuilder(address(place))).get();
        assertThat(image.body()).isEqualTo(bytes(50));
        assertThat(header(image, "content-disposition")).contains("generated_image.png");
        var unchanged = send(HttpRequest.newBuilder(address(place)), "If-None-Match", header(image, "etag"))
                .get();
        assertThat(unchanged.statusCode()).isEqualTo(304);
        assertThat(unchanged.body()).isEmpty();
        assertThat(send(HttpRequest.newBuilder(address(RUN + "/" + JobId.of(UUID.randomUUID()))))
                        .get()
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void jobGoesOnWhenTheClientDisconnects() throws Exception {
        var pending = post("{\"prompt\": \"left\"}");
        var id = accepted();
        await().atMost(TIMEOUT).until(() -> jobs.followers() == 1);
        pending.cancel(true);
        await().atMost(TIMEOUT).until(() -> jobs.followers() == 0);

        assertThat(publisher.events().stream().filter(event -> event.job().equals(id)))
                .hasSize(1);
        succeed(id, bytes(60));
        assertThat(send(HttpRequest.newBuilder(address(RUN + "/" + id))).get().body())
                .isEqualTo(bytes(60));
    }

    @Test
    void statusListsThePipelines() throws Exception {
        assertThat(client.text("/status")).isEqualTo("{\"status\":\"Up!\",\"pipelines\":[\"image_generation\"]}");
        assertThat(JSON.readTree(client.text("/status/image_generation")))
                .isEqualTo(JSON.readTree("{\"status\":\"Up!\",\"pipeline\":\"image_generation\"}"));
        var unknown = send(HttpRequest.newBuilder(address("/status/x"))).get();
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(json(unknown).get("detail").stringValue()).isEqualTo("Pipeline 'x' not found");
    }

    @Test
    void descriptionSaysThatTheResponseIsAnImage() throws Exception {
        var description = JSON.readTree(client.text("/openapi.json"));

        var operation = description.at("/paths/~1image_generation~1run/post");
        assertThat(operation.at("/responses/200/content").propertyNames()).containsExactly("image/png");
        assertThat(operation
                        .at("/responses/200/content/image~1png/schema/format")
                        .stringValue())
                .isEqualTo("binary");
        assertThat(operation.get("operationId").stringValue()).isEqualTo("image_generation_run");
        assertThat(operation.at("/tags/0").stringValue()).isEqualTo("pipelines");
        var schema = operation.at("/requestBody/content/application~1json/schema");
        assertThat(schema.at("/required").toString()).isEqualTo("[\"prompt\"]");
        assertThat(schema.at("/properties/model/default").stringValue()).isEqualTo(SCHNELL);
        assertThat(operation.at("/parameters/0/name").stringValue()).isEqualTo("disposition");
        assertThat(operation.at("/parameters/0/schema/enum").toString()).isEqualTo("[\"inline\",\"attachment\"]");
        for (var reference : description.findValuesAsString("$ref")) {
            assertThat(description.at(reference.substring(1)).isObject())
                    .as(reference)
                    .isTrue();
        }
    }

    @Test
    void docsLoadOnlyFilesOfThisPort() throws Exception {
        var page = client.text("/docs");
        assertThat(page).contains("/openapi.json").doesNotContain("://");
        var links = Pattern.compile("(?:src|href)=\"(?!data:)([^\"]+)\"").matcher(page);
        int files = 0;
        while (links.find()) {
            assertThat(client.text("/" + links.group(1))).isNotBlank();
            files++;
        }
        assertThat(files).isEqualTo(3);
        assertThat(header(client.get("/docs").get(), "content-security-policy"))
                .contains("script-src 'self'", "img-src 'self' data: blob:");
        assertThat(header(client.get("/docs").get(), "content-type")).startsWith("text/html");
    }

    @Test
    void pagesOfEveryOriginMayUseIt() throws Exception {
        var preflight = send(
                        HttpRequest.newBuilder(address(RUN)).method("OPTIONS", HttpRequest.BodyPublishers.noBody()),
                        "Origin",
                        "https://app.example.org",
                        "Access-Control-Request-Method",
                        "POST",
                        "Access-Control-Request-Headers",
                        "content-type")
                .get();
        assertThat(preflight.statusCode()).isEqualTo(200);
        assertThat(header(preflight, "access-control-allow-origin")).isEqualTo("*");
        assertThat(header(preflight, "access-control-max-age")).isEqualTo("600");
        assertThat(preflight.headers().firstValue("access-control-allow-credentials"))
                .isEmpty();
        assertThat(header(preflight, "x-request-id")).matches("[0-9a-f]{8,}");

        var refused = post("{}", "Origin", "https://app.example.org").get();
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(header(refused, "access-control-allow-origin")).isEqualTo("*");
    }

    @Test
    void logHasTheJobAndNotThePrompt(CapturedOutput log) throws Exception {
        var pending = post("{\"prompt\": \"a secret zebra\", \"width\": 64}");
        var id = accepted();
        succeed(id, bytes(9));
        pending.get();

        var lines =
                log.getAll().lines().filter(line -> line.contains(id.value())).toList();
        assertThat(lines).hasSize(1);
        assertThat(lines.get(0)).contains("INFO", SCHNELL, "64x512", "14 characters");
        assertThat(log.getAll()).doesNotContain("zebra");
    }

    private GenerationRequest requested() {
        return client.requested();
    }

    private JobId accepted() {
        return client.accepted();
    }

    private List<JobId> created() {
        return client.created();
    }

    private void succeed(JobId id, byte[] image) {
        client.succeed(id, image);
    }

    private URI address(String path) {
        return client.address(path);
    }

    private CompletableFuture<HttpResponse<byte[]>> post(String body, String... headers) {
        return client.post(body, headers);
    }

    private CompletableFuture<HttpResponse<byte[]>> send(HttpRequest.Builder request, String... headers) {
        return client.send(request, headers);
    }
}
