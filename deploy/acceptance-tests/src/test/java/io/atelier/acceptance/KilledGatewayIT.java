package io.atelier.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.embedded.LoopbackPorts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The gateway is killed while clients of all faces wait for images. They send their requests again until there is a gateway that takes them, and get the
 * images of the jobs that they have. The engine calls a provider, which counts the calls.
 */
@Tag("processes")
class KilledGatewayIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final Duration SETTLING_TIME = Duration.ofSeconds(2);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String KEY = "test_key_1234";

    /** Of all jobs: the run of Intel's face, whose client polls, and the requests that wait. */
    private static final List<String> PROMPTS =
            List.of("intel", "retry-count", "openai-key", "hayhooks", "flux", "sdxl");

    private static final String INTEL_RUN = "{\"prompt\":\"intel\"}";

    private final FreePorts ports = FreePorts.find();
    private final int hayhooks = LoopbackPorts.freePort();
    private final int intel = LoopbackPorts.freePort();
    private final HttpApiClient client = new HttpApiClient(ports.http());
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @TempDir
    Path folder;

    /**
     * A request that waits for its image.
     *
     * @param prompt of the request, by which the job and the calls of the provider are found
     * @param request as it is sent at first
     * @param repetition as it is sent again
     */
    private record WaitingRequest(String prompt, HttpRequest request, HttpRequest repetition) {}

    @Test
    void requestsThatAreSentAgainHaveTheirJobsAndTheirImagesWithOneCallOfTheProviderEach() throws Exception {
        try (var provider = HeldFluxWorker.start()) {
            var settings = settings(provider);
            try (var servers = AtelierProcess.up("broker-and-store", "broker,store", settings);
                    var generator = AtelierProcess.up("generator", "generator", settings)) {
                assertThat(List.of(servers, generator)).allMatch(AtelierProcess::isAlive);
                var killed = AtelierProcess.up("killed-gateway", "gateway", settings);
                String intelJob;
                try {
                    client.awaitReady(killed);
                    intelJob = awaitIntelRun();
                    var pending = requests().stream()
                            .map(waiting -> supply(() -> send(waiting.request())))
                            .toList();
                    Awaitility.await("all requests to be at the provider")
                            .atMost(TIMEOUT)
                            .until(() -> provider.prompts().size() == PROMPTS.size());
                    assertThat(pending).noneMatch(CompletableFuture::isDone);
                    killed.kill();
                    assertThat(pending)
                            .allSatisfy(one -> assertThat(one)
                                    .failsWithin(TIMEOUT)
                                    .withThrowableOfType(ExecutionException.class)
                                    .withRootCauseInstanceOf(IOException.class));
                } finally {
                    killed.kill();
                }

                // The clients do not know when the next gateway is ready.
                var repeated = requests().stream()
                        .map(waiting -> supply(() -> sendUntilTaken(waiting.repetition())))
                        .toList();
                var repeatedRun = supply(() -> sendUntilTaken(intelRun("k-intel")));
                try (var gateway = AtelierProcess.up("gateway", "gateway", settings)) {
                    client.awaitReady(gateway);
                    assertIntelRunGoesOn(repeatedRun.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS), intelJob);
                    // Whatever a repetition had published by mistake would reach the provider meanwhile.
                    Awaitility.await("no further call of the provider")
                            .during(SETTLING_TIME)
                            .atMost(TIMEOUT)
                            .until(() -> provider.prompts().size() == PROMPTS.size());
                    assertThat(repeated).noneMatch(CompletableFuture::isDone);

                    provider.release();

                    for (int i = 0; i < repeated.size(); i++) {
                        var response = repeated.get(i).get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
                        assertImage(requests().get(i).prompt(), image(response), job(response));
                    }
                    assertIntelImage(intelJob);
                    assertThat(provider.prompts()).containsExactlyInAnyOrderElementsOf(PROMPTS);
                    assertThatEachJobEndedOnce();
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private Map<String, String> settings(HeldFluxWorker provider) {
        var settings = new HashMap<>(ports.settings(folder.resolve("data"), 1));
        settings.put("FLUX_WORKER_URL", provider.url());
        settings.put("ATELIER_HAYHOOKS_PORT", Integer.toString(hayhooks));
        settings.put("ATELIER_HAYHOOKS_MODEL", "flux");
        settings.put("ATELIER_INTEL_PORT", Integer.toString(intel));
        settings.put("MODEL", "flux");
        settings.put("ATELIER_CLOUDFLARE_FACE_KEY", KEY);
        settings.put("ATELIER_CLOUDFLARE_FACE_GET", "true");
        settings.put("IO_ATELIER_FACES_CLOUDFLARE_FLUXMODEL", "flux");
        settings.put("IO_ATELIER_FACES_CLOUDFLARE_SDXLMODEL", "flux");
        return settings;
    }

    private List<WaitingRequest> requests() {
        var openAi = "/v1/images/generations";
        var byRetryCount = "{\"model\":\"flux\",\"prompt\":\"retry-count\"}";
        var byKey = "{\"model\":\"flux\",\"prompt\":\"openai-key\"}";
        var run = "{\"prompt\":\"hayhooks\"}";
        var sdxl = "{\"prompt\":\"sdxl\"}";
        return List.of(
                new WaitingRequest(
                        "retry-count",
                        post(ports.http(), openAi, byRetryCount, "x-stainless-retry-count", "0"),
                        post(ports.http(), openAi, byRetryCount, "x-stainless-retry-count", "1")),
                same("openai-key", post(ports.http(), openAi, byKey, "Idempotency-Key", "k-openai")),
                same("hayhooks", post(hayhooks, "/image_generation/run", run, "Idempotency-Key", "k-hayhooks")),
                same(
                        "flux",
                        request(ports.http(), "/faces/cloudflare/flux?prompt=flux", "Idempotency-Key", "k-flux")
                                .build()),
                same(
                        "sdxl",
                        post(
                                ports.http(),
                                "/faces/cloudflare/sdxl",
                                sdxl,
                                "Authorization",
                                "Bearer " + KEY,
                                "Idempotency-Key",
                                "k-sdxl")));
    }

    private static WaitingRequest same(String prompt, HttpRequest request) {
        return new WaitingRequest(prompt, request, request);
    }

    /** Starts the run of Intel's face when the gateway knows a worker for it, and returns its job. */
    private String awaitIntelRun() {
        var started = Awaitility.await("a worker for the run")
                .atMost(TIMEOUT)
                .until(() -> send(intelRun("k-intel")), response -> response.statusCode() == 200);
        return header(started, "X-Job-Id");
    }

    private HttpRequest intelRun(String key) {
        return post(intel, "/pipeline/run", INTEL_RUN, "Idempotency-Key", key);
    }

    private void assertIntelRunGoesOn(HttpResponse<byte[]> repeated, String job) throws IOException {
        assertThat(repeated.statusCode()).isEqualTo(200);
        assertThat(header(repeated, "X-Job-Id")).isEqualTo(job);
        assertThat(text(send(request(intel, "/pipeline/status").build())))
                .isEqualTo("{\"running\":true,\"completed\":false}");
        assertThat(send(intelRun("k-other")).statusCode())
                .as("another run of the session")
                .isEqualTo(400);
    }

    private void assertIntelImage(String job) throws IOException {
        Awaitility.await("the end of the run")
                .atMost(TIMEOUT)
                .until(() -> text(send(request(intel, "/pipeline/status").build()))
                        .equals("{\"running\":false,\"completed\":true}"));
        var response = send(request(intel, "/pipeline/image").build());
        assertImage("intel", response.body(), header(response, "X-Job-Id"));
        assertThat(header(response, "X-Job-Id")).isEqualTo(job);
    }

    private void assertImage(String prompt, byte[] image, String job) throws IOException {
        assertThat(ImageIO.read(new ByteArrayInputStream(image))).as(prompt).isNotNull();
        var generations = client.generations()
                .valueStream()
                .filter(generation ->
                        generation.at("/request/prompt").asString().equals(prompt))
                .toList();
        assertThat(generations).as(prompt).singleElement().satisfies(generation -> {
            assertThat(generation.get("id").asString()).isEqualTo(job);
            assertThat(generation.get("status").asString()).isEqualTo("succeeded");
            assertThat(generation.get("attempt").asInt()).isEqualTo(1);
            assertThat(generation.at("/usage/provider_calls").asInt()).isEqualTo(1);
        });
    }

    private void assertThatEachJobEndedOnce() {
        try (var consumer = new TopicConsumer(ports.brokers())) {
            var events = consumer.readAll();
            assertThat(events).hasSameSizeAs(PROMPTS);
            assertThat(events.values())
                    .allSatisfy(ofJob -> assertThat(ofJob)
                            .extracting(TopicConsumer.Event::type)
                            .containsOnlyOnce("io.atelier.generation.accepted.v1", TopicConsumer.SUCCEEDED)
                            .doesNotHaveDuplicates());
        }
    }

    private static byte[] image(HttpResponse<byte[]> response) {
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        return isJson(response)
                ? Base64.getDecoder()
                        .decode(json(response).at("/data/0/b64_json").asString())
                : response.body();
    }

    /** The job that the response names, as its face does. */
    private static String job(HttpResponse<byte[]> response) {
        return response.headers()
                .firstValue("x-generation-id")
                .or(() -> response.headers().firstValue("X-Job-Id"))
                .orElseThrow();
    }

    private static boolean isJson(HttpResponse<byte[]> response) {
        return header(response, "Content-Type").startsWith("application/json");
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static JsonNode json(HttpResponse<byte[]> response) {
        return JSON.readTree(response.body());
    }

    private static String header(HttpResponse<byte[]> response, String name) {
        return response.headers().firstValue(name).orElseThrow();
    }

    /** Sends a request until a gateway takes it: there is none yet, or it is starting. */
    private static HttpResponse<byte[]> sendUntilTaken(HttpRequest request) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (true) {
            try {
                var response = send(request);
                if (response.statusCode() != 503 || System.nanoTime() > deadline) {
                    return response;
                }
            } catch (ConnectException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private static HttpRequest post(int port, String path, String body, String... headers) {
        return request(port, path, headers)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static HttpRequest.Builder request(int port, String path, String... headers) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(TIMEOUT);
        return headers.length == 0 ? request : request.headers(headers);
    }

    /** With a client of its own, so that no request is sent on a connection that the kill has closed. */
    private static HttpResponse<byte[]> send(HttpRequest request) throws IOException {
        try {
            return HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .build()
                    .send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private CompletableFuture<HttpResponse<byte[]>> supply(HttpCall call) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return call.send();
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new CompletionException(e);
                    }
                },
                threads);
    }

    @FunctionalInterface
    private interface HttpCall {

        HttpResponse<byte[]> send() throws IOException, InterruptedException;
    }
}
