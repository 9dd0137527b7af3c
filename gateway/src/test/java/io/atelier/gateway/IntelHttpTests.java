package io.atelier.gateway;

import static io.atelier.gateway.IntelFaceClient.job;
import static io.atelier.gateway.IntelFaceClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.DeviceName;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.work.WorkerAnnounced;
import io.atelier.gateway.faces.listener.FaceListener;
import io.atelier.gateway.view.workers.WorkerRegistry;
import io.atelier.messaging.InMemoryEventPublisher;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The API of Intel's text2image service, on its own port: one session for each test. */
@GatewayHttpTest
class IntelHttpTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String BUSY =
            "{\"status\":\"error\",\"message\":\"Pipeline execution is already running or pipeline is not"
                    + " initialized.\",\"detail\":\"Another pipeline execution is in progress. Please wait until it"
                    + " completes.\"}";
    private static final String NOT_COMPLETE =
            "{\"status\":\"error\",\"message\":\"Pipeline execution is not yet complete.\","
                    + "\"detail\":\"Pipeline execution is not yet complete.\"}";
    private static final String STARTED =
            "{\"status\":\"success\",\"message\":\"Pipeline execution started in background.\"}";
    private static final String IDLE = "{\"running\":false,\"completed\":false}";
    private static final String RUNNING = "{\"running\":true,\"completed\":false}";
    private static final String COMPLETED = "{\"running\":false,\"completed\":true}";
    private static final Pattern CURL_PATH = Pattern.compile("http://127\\.0\\.0\\.1:8100(/\\S+)");
    private static final Pattern CURL_BODY = Pattern.compile("-d '([^']*)'");
    private static final String RUN = "{\"prompt\": \"a castle\", \"model\": \"test-card\"}";

    @Autowired
    @Qualifier("intelListener")
    private FaceListener listener;

    @LocalServerPort
    private int mainPort;

    @Autowired
    private FakeJobs jobs;

    @Autowired
    private AuditedObjectStore store;

    @Autowired
    private InMemoryEventPublisher publisher;

    @Autowired
    private WorkerRegistry workers;

    private final String session = UUID.randomUUID().toString();
    private IntelFaceClient client;

    @BeforeEach
    void connect() {
        client = new IntelFaceClient(listener.port().orElseThrow(), session, jobs, store, publisher);
    }

    @Test
    void healthIsTheExactBody() {
        var response = client.sendPlain("GET", "/health", null);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(text(response)).isEqualTo("{\"status\":\"healthy\"}");
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    }

    @ParameterizedTest
    @CsvSource({"CPU,CPU", "cpu,CPU", "'',CPU", "AUTO,CPU", "auto,CPU"})
    void deviceThatAWorkerAnnouncesIsSelected(String device, String name) {
        var response = client.select(device);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(text(response))
                .isEqualTo("{\"status\":\"success\",\"message\":\"Pipeline prepared on %s.\"}".formatted(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"NPU", "TPU", "GPU:0", "GPU.x", "HETERO:GPU,CPU", "REMOTE", "CPU "})
    void unknownDeviceIsAnErrorWithStatus200(String device) {
        var response = client.select(device);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(text(response))
                .isEqualTo(("{\"status\":\"error\",\"message\":\"Invalid device specified: '%s'."
                                + " Supported devices are 'CPU' and 'GPU'.\"}")
                        .formatted(device));
    }

    @ParameterizedTest
    @CsvSource({"gpu,gpu,GPU", "gpu.1,GPU.1,GPU.1", "gpu.1,gpu,GPU", "gpu,GPU.0,GPU.0", "gpu,'',GPU", "gpu.1,AUTO,GPU.1"
    })
    void runsGoToThePoolOfTheSelectedDevice(String announced, String selected, String shown) {
        assertThat(text(client.select("GPU")))
                .isEqualTo("{\"status\":\"error\",\"message\":\"User-specified device 'GPU' is not available.\"}");

        workers.put(gpu(announced), Instant.now());
        try {
            assertThat(text(client.select(selected))).contains("\"Pipeline prepared on " + shown + ".\"");
            var request = client.request(job(client.run(RUN)));
            assertThat(request.pool()).isEqualTo("gpu");
            assertThat(request.engine()).isEqualTo("test-card");
            assertThat(request.labels()).containsEntry("intel.device", shown);
        } finally {
            remove(gpu(announced));
        }
    }

    @DisplayName(
            "Where a pool has several devices, the tasks of a session require the selected one; without a selection"
                    + " any will do")
    @ParameterizedTest
    @CsvSource({"gpu,GPU,gpu", "GPU.1,GPU.1,gpu.1", "cpu,CPU,cpu", "'',GPU,gpu", ",,"})
    void runsRequireTheSelectedDevice(@Nullable String selected, @Nullable String shown, @Nullable String required) {
        var worker = SampleWorkers.onDevices(
                "generator-mixed", "default", List.of("pocket", "test-card"), "gpu", "gpu.1", "cpu");
        workers.put(worker, Instant.now());
        try {
            if (selected != null) {
                assertThat(text(client.select(selected))).contains("\"Pipeline prepared on " + shown + ".\"");
            }
            var request = client.request(job(client.run(RUN)));
            assertThat(request.pool()).isEqualTo("default");
            assertThat(request.device()).isEqualTo(required == null ? null : new DeviceName(required));
        } finally {
            remove(worker);
        }
    }

    @Test
    void deviceWhoseWorkerHasGoneIsNotInitialized() {
        workers.put(gpu("gpu"), Instant.now());
        client.select("GPU");
        remove(gpu("gpu"));

        var response = client.run(RUN);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(text(response))
                .isEqualTo(
                        "{\"status\":\"error\",\"message\":\"Pipeline execution is already running or pipeline is not"
                                + " initialized.\",\"detail\":\"Pipeline is not initialized.\"}");
        client.select("CPU");
        assertThat(client.run(RUN).statusCode()).isEqualTo(200);
    }

    @Test
    void modelThatNoWorkerHasIsNotInitialized() {
        int before = publisher.events(GenerationRequested.class).size();
        var response = client.run("{\"prompt\": \"x\", \"model\": \"flux-schnell\"}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).get("detail").stringValue()).startsWith("Pipeline is not initialized.");
        assertThat(publisher.events(GenerationRequested.class)).hasSize(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | missing | device",
                "{\"device\": null} | string_type | device",
                "{\"device\": 7} | string_type | device",
                "{\"device\": [\"CPU\"]} | string_type | device",
                "null | missing | ",
                "[] | model_attributes_type | ",
                "\"CPU\" | model_attributes_type | ",
            })
    void wrongDeviceIsRefusedLikeFastApiDoes(String body, String type, String field) {
        assertInvalid(client.send("POST", "/pipeline/select-device", body), type, field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | missing | prompt",
                "{\"prompt\": null} | string_type | prompt",
                "{\"prompt\": 5} | string_type | prompt",
                "{\"prompt\": \"\"} | value_error | prompt",
                "{\"prompt\": \"x\", \"width\": -1} | value_error | width",
                "{\"prompt\": \"x\", \"width\": 100} | value_error | width",
                "{\"prompt\": \"x\", \"width\": 1e99} | value_error | width",
                "{\"prompt\": \"x\", \"width\": 1e999999999} | value_error | width",
                "{\"prompt\": \"x\", \"width\": 64.5} | int_from_float | width",
                "{\"prompt\": \"x\", \"width\": \"wide\"} | int_parsing | width",
                "{\"prompt\": \"x\", \"width\": true} | int_type | width",
                "{\"prompt\": \"x\", \"height\": []} | int_type | height",
                "{\"prompt\": \"x\", \"num_inference_steps\": 0} | value_error | num_inference_steps",
                "{\"prompt\": \"x\", \"num_inference_steps\": 1000} | value_error | num_inference_steps",
                "{\"prompt\": \"x\", \"guidance\": 31} | value_error | guidance",
                "{\"prompt\": \"x\", \"guidance\": \"much\"} | float_parsing | guidance",
                "{\"prompt\": \"x\", \"guidance\": {}} | float_type | guidance",
                "{\"prompt\": \"x\", \"seed\": -2} | value_error | seed",
                "{\"prompt\": \"x\", \"model\": \"no-such\"} | value_error | model",
                "{\"prompt\": | json_invalid | 10",
                "nonsense | json_invalid | 0",
                "'  ' | missing | ",
            })
    void wrongRunIsRefusedLikeFastApiDoesAndPublishesNothing(String body, String type, String field) {
        int before = publisher.events().size();

        assertInvalid(client.run(body), type, field);
        assertThat(publisher.events()).hasSize(before);
        assertThat(text(client.get("/pipeline/status"))).isEqualTo(IDLE);
    }

    @Test
    void runGoesThroughAllStates() {
        assertThat(text(client.get("/pipeline/status"))).isEqualTo(IDLE);
        assertThat(client.get("/pipeline/image").statusCode()).isEqualTo(400);
        assertThat(text(client.get("/pipeline/image"))).isEqualTo(NOT_COMPLETE);

        var accepted = client.run(RUN);
        assertThat(accepted.statusCode()).isEqualTo(200);
        assertThat(text(accepted)).isEqualTo(STARTED);
        assertThat(accepted.headers().firstValue("X-Model")).contains("test-card");
        assertThat(text(client.get("/pipeline/status"))).isEqualTo(RUNNING);

        client.start(job(accepted));
        for (int poll = 0; poll < 3; poll++) {
            assertThat(text(client.get("/pipeline/status"))).isEqualTo(RUNNING);
            assertThat(text(client.get("/pipeline/image"))).isEqualTo(NOT_COMPLETE);
            assertThat(client.run(RUN).statusCode()).isEqualTo(400);
            assertThat(text(client.run(RUN))).isEqualTo(BUSY);
            assertThat(text(client.select("CPU"))).isEqualTo(BUSY);
        }

        client.succeed(job(accepted), new byte[] {1, 2, 3});
        assertThat(text(client.get("/pipeline/status"))).isEqualTo(COMPLETED);
        for (int time = 0; time < 2; time++) {
            var image = client.get("/pipeline/image");
            assertThat(image.statusCode()).isEqualTo(200);
            assertThat(image.body()).containsExactly(1, 2, 3);
            assertThat(image.headers().firstValue("Content-Type")).contains("image/png");
            assertThat(image.headers().firstValue("X-Status")).contains("success");
            assertThat(image.headers().firstValue("X-Message")).contains("Image returned");
            assertThat(image.headers().firstValue("X-Job-Id"))
                    .contains(job(accepted).value());
            assertThat(image.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(image.headers().firstValue("Content-Disposition")).isEmpty();
        }
    }

    /** The page has the lines of the service's own documentation. */
    @Test
    void documentedRequestsWork() throws IOException {
        var lines = Files.readAllLines(Path.of("..", "docs", "faces", "intel.md")).stream()
                .filter(line -> line.startsWith("curl "))
                .toList();

        assertThat(lines)
                .hasSize(4)
                .allSatisfy(line -> assertThat(documented(line).statusCode())
                        .as(line)
                        .isIn(200, line.contains("/image") ? 400 : 200));
        assertThat(text(documented(lines.get(2)))).isEqualTo(RUNNING);
    }

    private HttpResponse<byte[]> documented(String line) {
        var path = CURL_PATH.matcher(line);
        assertThat(path.find()).as(line).isTrue();
        var body = CURL_BODY.matcher(line);
        return body.find()
                ? client.send("POST", path.group(1), body.group(1))
                : client.send("GET", path.group(1), null);
    }

    @Test
    void parametersReachTheEngine() {
        var id = job(client.run("{\"prompt\": \"p\", \"model\": \"test-card\", \"width\": \"64\", \"height\": 128.0,"
                + " \"num_inference_steps\": 9, \"guidance\": 3.5, \"seed\": 7, \"unknown\": 1}"));

        var request = client.request(id);
        assertThat(request.prompt()).isEqualTo("p");
        assertThat(request.size()).hasToString("64x128");
        assertThat(request.steps()).isEqualTo(9);
        assertThat(request.guidanceScale()).isEqualTo(3.5);
        assertThat(request.seed()).isEqualTo(7);
        assertThat(request.labels()).containsEntry("intel.session", session).containsEntry("intel.ordinal", "1");
        assertThat(request.labels()).doesNotContainKey("intel.device");
    }

    @Test
    void seedOfMinusOneIsRandom() {
        var first = job(client.run("{\"prompt\": \"p\", \"model\": \"test-card\", \"seed\": -1, \"width\": null}"));
        client.succeed(first, new byte[] {1});
        var second = job(client.run("{\"prompt\": \"p\", \"model\": \"test-card\", \"seed\": -1}"));

        assertThat(client.request(first).seed())
                .isNotEqualTo(client.request(second).seed());
    }

    @Test
    void resultOfAnEarlierJobIsNeverThatOfANewOne() {
        client.succeed(job(client.run(RUN)), new byte[] {1});
        var second = job(client.run(RUN));

        assertThat(text(client.get("/pipeline/status"))).isEqualTo(RUNNING);
        assertThat(client.get("/pipeline/image").statusCode()).isEqualTo(400);
        client.succeed(second, new byte[] {2});
        assertThat(client.get("/pipeline/image").body()).containsExactly(2);
    }

    @Test
    void failureIsShownAndANewRunIsAccepted() {
        var id = job(client.run(RUN));
        var failed = client.after(id, SampleJobs.in(JobStatus.FAILED));
        client.show(JobBuilder.of(failed)
                .error(new Failure(Failure.Code.OUT_OF_MEMORY, "The device has too little memory."))
                .job());

        assertThat(text(client.get("/pipeline/status"))).isEqualTo(IDLE);
        var response = client.get("/pipeline/image");
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(text(response))
                .isEqualTo(
                        "{\"status\":\"error\",\"message\":\"Pipeline execution failed: OUT_OF_MEMORY: The device has"
                                + " too little memory.\",\"detail\":\"Pipeline execution failed: OUT_OF_MEMORY: The device"
                                + " has too little memory.\"}");
        assertThat(response.headers().firstValue("X-Job-Id")).contains(id.value());

        var next = job(client.run(RUN));
        assertThat(text(client.get("/pipeline/image"))).isEqualTo(NOT_COMPLETE);
        client.succeed(next, new byte[] {4});
        assertThat(client.get("/pipeline/image").body()).containsExactly(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CANCELED", "EXPIRED"})
    void jobThatEndedWithoutAnImageHasFailed(String status) {
        client.end(job(client.run(RUN)), JobStatus.valueOf(status));

        assertThat(text(client.get("/pipeline/status"))).isEqualTo(IDLE);
        assertThat(client.get("/pipeline/image").statusCode()).isEqualTo(500);
        assertThat(text(client.get("/pipeline/image"))).contains("Pipeline execution failed: " + status + ": ");
        assertThat(client.run(RUN).statusCode()).isEqualTo(200);
    }

    @Test
    void selectionClearsTheResult() {
        client.succeed(job(client.run(RUN)), new byte[] {1});
        client.select("NPU");
        assertThat(text(client.get("/pipeline/status"))).isEqualTo(COMPLETED);
        client.select("CPU");

        assertThat(text(client.get("/pipeline/status"))).isEqualTo(IDLE);
        assertThat(text(client.get("/pipeline/image"))).isEqualTo(NOT_COMPLETE);
    }

    @Test
    void erasedJobHasNoResultNorHasTheOneBefore() {
        client.succeed(job(client.run(RUN)), new byte[] {1});
        var second = job(client.run(RUN));
        client.succeed(second, new byte[] {2});
        client.show(SampleJobs.erasedFrom(client.after(second, SampleJobs.succeeded(new byte[] {2}))));

        assertThat(text(client.get("/pipeline/status"))).isEqualTo(IDLE);
        assertThat(text(client.get("/pipeline/image"))).isEqualTo(NOT_COMPLETE);
        assertThat(job(client.run(RUN))).isNotEqualTo(second);
    }

    @Test
    void imageThatTheStoreHasLostIsNotFound() {
        var id = job(client.run(RUN));
        client.show(client.after(id, SampleJobs.succeeded(new byte[] {1})));

        var response = client.get("/pipeline/image");
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(text(response)).contains("\"detail\":\"Generated image not found.\"");
    }

    @Test
    void ofRunsAtTheSameTimeOneIsAccepted() {
        var responses =
                Stream.generate(() -> CompletableFuture.supplyAsync(() -> client.run(RUN))).limit(8).toList().stream()
                        .map(CompletableFuture::join)
                        .toList();

        assertThat(responses.stream().filter(response -> response.statusCode() == 200))
                .hasSize(1);
        assertThat(responses.stream().filter(response -> response.statusCode() == 400))
                .hasSize(7)
                .allSatisfy(response -> assertThat(text(response)).isEqualTo(BUSY));
        assertThat(publisher.events(GenerationRequested.class).stream()
                        .filter(event -> session.equals(event.request().labels().get("intel.session"))))
                .hasSize(1);
    }

    @Test
    void repetitionWithTheSameKeyJoins() {
        var first = client.run(RUN, "Idempotency-Key", "k1");
        assertThat(job(client.run(RUN, "Idempotency-Key", "k1"))).isEqualTo(job(first));
        assertThat(client.run(RUN, "Idempotency-Key", "k2").statusCode()).isEqualTo(400);
        client.succeed(job(first), new byte[] {1});

        var again = client.run(RUN, "Idempotency-Key", "k1");
        assertThat(job(again)).isEqualTo(job(first));
        assertThat(text(again)).isEqualTo(STARTED);
        assertThat(job(client.run(RUN, "Idempotency-Key", "k2"))).isNotEqualTo(job(first));
    }

    @Test
    void sameKeyWithAnotherPromptIsRefused() {
        var first = client.run(RUN, "Idempotency-Key", "k3");
        client.succeed(job(first), new byte[] {1});

        var other = client.run("{\"prompt\": \"another prompt\"}", "Idempotency-Key", "k3");

        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(text(other))
                .contains(
                        "\"status\":\"error\"", "This Idempotency-Key belongs to the generation '" + job(first) + "'");
    }

    @Test
    void sessionsDoNotSeeEachOther() {
        var other = new IntelFaceClient(listener.port().orElseThrow(), session + "b", jobs, store, publisher);
        client.run(RUN);

        assertThat(text(other.get("/pipeline/status"))).isEqualTo(IDLE);
        assertThat(other.run(RUN).statusCode()).isEqualTo(200);
    }

    @Test
    void requestsWithoutASessionShareOne() {
        var response = client.sendPlain("GET", "/pipeline/status", null);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(client.send("GET", "/pipeline/status", null).statusCode()).isEqualTo(200);
        var named = new IntelFaceClient(listener.port().orElseThrow(), "default", jobs, store, publisher);
        assertThat(text(named.get("/pipeline/status"))).isEqualTo(text(response));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a/b", "\u00e4"})
    void wrongSessionIsRefused(String name) {
        var response = client.sendPlain("GET", "/pipeline/status", null, "X-Pipeline-Id", name);

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(json(response).at("/detail/0/loc").toString()).isEqualTo("[\"header\",\"x-pipeline-id\"]");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/pipeline/run,405,POST",
        "POST,/pipeline/image,405,GET",
        "DELETE,/health,405,GET",
        "GET,/,404,",
        "GET,/v1/models,404,",
        "GET,/openapi.json,404,"
    })
    void otherMethodsAndPathsAreRefused(String method, String path, int status, String allowed) {
        var response = client.sendPlain(method, path, null);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(text(response))
                .isEqualTo(status == 404 ? "{\"detail\":\"Not Found\"}" : "{\"detail\":\"Method Not Allowed\"}");
        assertThat(response.headers().firstValue("Allow").orElse("")).isEqualTo(allowed == null ? "" : allowed);
    }

    @Test
    void routesAreOnlyOnTheirOwnPort() {
        var main = new IntelFaceClient(mainPort, session, jobs, store, publisher);

        assertThat(main.get("/pipeline/status").statusCode()).isEqualTo(404);
        assertThat(main.get("/faces/cloudflare/flux?prompt=x").statusCode()).isEqualTo(404);
    }

    @Test
    void pagesOfOtherSitesCannotGenerate() {
        int before = publisher.events().size();
        var response = client.run(RUN, "Origin", "https://evil.example");

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(json(response).get("status").stringValue()).isEqualTo("error");
        assertThat(json(response).get("detail").stringValue()).contains("io.atelier.faces.intel.cors-origins");
        assertThat(publisher.events()).hasSize(before);
    }

    private static void assertInvalid(HttpResponse<byte[]> response, String type, String field) {
        assertThat(response.statusCode()).as(text(response)).isEqualTo(422);
        var detail = json(response).get("detail");
        assertThat(detail.size()).isPositive();
        assertThat(detail.at("/0/type").stringValue()).isEqualTo(type);
        assertThat(detail.at("/0/loc/0").stringValue()).isEqualTo("body");
        assertThat(detail.at("/0/loc/1").asString("")).isEqualTo(field == null ? "" : field);
        assertThat(detail.at("/0/msg").stringValue()).isNotBlank();
        assertThat(detail.get(0).has("input")).isTrue();
    }

    private static JsonNode json(HttpResponse<byte[]> response) {
        return JSON.readTree(response.body());
    }

    private static WorkerAnnounced gpu(String device) {
        return new WorkerAnnounced(
                "generator-gpu",
                WorkerAnnounced.GENERATOR,
                "gpu",
                List.of("pocket", "test-card"),
                device,
                1,
                0,
                null,
                Instant.now(),
                Instant.now(),
                Duration.ofHours(1).toMillis(),
                false,
                null,
                null);
    }

    /** Removes the worker, so that tests of other classes do not see it. */
    private void remove(WorkerAnnounced worker) {
        workers.put(worker, Instant.now().minus(Duration.ofDays(8)));
    }
}
