package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.image.JpegEncoding;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.ProviderUsage;
import io.atelier.messaging.InMemoryEventPublisher;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The images API of OpenAI: responses, failures, streams, and requests that its client libraries repeat. */
@GatewayHttpTest
class OpenAiImagesHttpTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final JsonMapper JSON = new JsonMapper();
    private static final String GENERATIONS = "/v1/images/generations";
    private static final String[] REPEATED = {"x-stainless-retry-count", "1"};

    @LocalServerPort
    private int port;

    @Autowired
    private FakeJobs jobs;

    @Autowired
    private AuditedObjectStore store;

    @Autowired
    private InMemoryEventPublisher publisher;

    private final HttpClient http = HttpClient.newHttpClient();
    private final HashSet<JobId> known = new HashSet<>();

    @BeforeEach
    void rememberEarlierJobs() {
        publisher.events(GenerationRequested.class).forEach(event -> known.add(event.job()));
    }

    @AfterEach
    void awaitNoSubscribers() {
        await().atMost(TIMEOUT).until(() -> jobs.followers() == 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 16_383, 16_384, 16_385, 100_000})
    void imageIsInBase64OfExactlyItsBytes(int length) throws Exception {
        var image = bytes(length);
        var pending = post("{\"prompt\": \"a castle, %d bytes\"}".formatted(length));
        succeed(accepted(), image);

        var response = pending.get();
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValueAsLong("Content-Length").getAsLong())
                .isEqualTo(response.body().length);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(response.headers().firstValue("X-Generation-Id"))
                .contains(accepted().value());
        assertThat(decoded(json(response), 0)).isEqualTo(image);
        assertThat(json(response).get("created").longValue()).isPositive();
        assertThat(json(response).get("output_format").stringValue()).isEqualTo("png");
        assertThat(json(response).at("/job/id").stringValue())
                .isEqualTo(accepted().value());
        assertThat(json(response).at("/job/urls/self").stringValue()).isEqualTo("/v1/generations/" + accepted());
        assertThat(json(response).has("usage")).isFalse();
    }

    @Test
    void allImagesAreSentInTheirOrder() throws Exception {
        var images = new byte[][] {bytes(1_000), bytes(50_001), bytes(2)};
        var pending = post("{\"prompt\": \"three\", \"n\": 3}");
        succeed(accepted(), images);

        var response = json(pending.get());
        assertThat(response.get("data").size()).isEqualTo(3);
        for (int i = 0; i < images.length; i++) {
            assertThat(decoded(response, i)).isEqualTo(images[i]);
        }
        assertThat(requested().n()).isEqualTo(3);
    }

    @Test
    void urlsLeadToTheImages() throws Exception {
        var image = bytes(3_000);
        var pending = post("{\"prompt\": \"by url\", \"response_format\": \"url\"}");
        succeed(accepted(), image);

        var url = json(pending.get()).at("/data/0/url").stringValue();
        assertThat(url).startsWith("http://127.0.0.1:" + port + "/");
        assertThat(send(HttpRequest.newBuilder(URI.create(url))).get().body()).isEqualTo(image);
    }

    @Test
    void tokensOfTheProviderAreTheUsage() throws Exception {
        var pending = post("{\"prompt\": \"tokens\"}");
        succeed(
                accepted(),
                job -> job.providerUsage(
                        new ProviderUsage(50L, new ProviderUsage.Tokens(40L, 10L, null), 1_000L, null, 1L, null)),
                bytes(9));

        var usage = json(pending.get()).get("usage");
        assertThat(usage.get("total_tokens").intValue()).isEqualTo(1_050);
        assertThat(usage.at("/input_tokens_details/image_tokens").intValue()).isEqualTo(10);
    }

    @Test
    void whatHasNoEffectIsWarnedOf() throws Exception {
        var pending = post(
                "{\"prompt\": \"warned\", \"style\": \"vivid\", \"no_such\": 1, \"input_fidelity\": \"high\", \"quality\": null}");
        succeed(accepted(), bytes(9));

        var warnings = json(pending.get()).get("warnings");
        assertThat(StreamSupport.stream(warnings.spliterator(), false)
                        .map(warning -> warning.get("message").stringValue()))
                .hasSize(3)
                .anyMatch(message -> message.contains("'style'"))
                .anyMatch(message -> message.contains("'no_such'"))
                .anyMatch(message -> message.contains("'input_fidelity'"));
    }

    @Test
    void usersAreKeptAsLabelsAndEchoed() throws Exception {
        var pending = post(
                "{\"prompt\": \"echo\", \"user\": \"u-1\", \"safety_identifier\": \"s-1\", \"labels\": {\"own\": \"x\"}}");
        succeed(accepted(), bytes(9));

        assertThat(json(pending.get()).get("user").stringValue()).isEqualTo("u-1");
        assertThat(json(pending.get()).get("safety_identifier").stringValue()).isEqualTo("s-1");
        assertThat(requested().labels())
                .containsEntry("openai.user", "u-1")
                .containsEntry("openai.safety_identifier", "s-1")
                .containsEntry("own", "x");
    }

    @ParameterizedTest
    @CsvSource({"low,13", "medium,25", "standard,25", "auto,25", "high,38", "hd,38", "xhigh,50", "max,75"})
    void qualityIsANumberOfStepsForAModelWithoutLevels(String quality, int steps) throws Exception {
        var pending = post("{\"prompt\": \"q\", \"model\": \"pocket\", \"quality\": \"%s\"}".formatted(quality));
        succeed(accepted(), bytes(9));

        pending.get();
        assertThat(requested().steps()).isEqualTo(steps);
    }

    @Test
    void ownFieldsAreTakenToo() throws Exception {
        var pending = post(
                "{\"prompt\": \"own\", \"seed\": 7, \"steps\": 9, \"quality\": \"max\", \"grid\": {\"layout\": \"2x2\"}, \"client_ref\": \"r\"}");
        succeed(accepted(), bytes(9));

        pending.get();
        assertThat(requested().seed()).isEqualTo(7);
        assertThat(requested().steps()).isEqualTo(9);
        assertThat(requested().grid()).isNotNull();
        assertThat(requested().clientRef()).isEqualTo("r");
    }

    @Test
    void jpegIsRequestedByItsNameHere() throws Exception {
        var pending = post("{\"prompt\": \"jpeg\", \"output_format\": \"jpeg\", \"output_compression\": 70}");
        var id = accepted();
        succeed(id, bytes(9));

        pending.get();
        assertThat(requested().jpeg()).isEqualTo(new JpegEncoding(70));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"output_format\": \"webp\" | output_format | unsupported_value",
                "\"output_format\": \"gif\" | output_format | unsupported_value",
                "\"output_format\": \"svg\" | output_format | unsupported_value",
                "\"output_format\": \"markup\" | output_format | unsupported_value",
                "\"svg\": {\"model\": \"x\"} | svg | unsupported_value",
                "\"frame_count\": 4 | frame_count | unsupported_value",
                "\"frame_duration_ms\": 4 | frame_duration_ms | unsupported_value",
                "\"markup\": \"x\" | markup | unsupported_value",
                "\"background\": \"transparent\" | background | unsupported_value",
                "\"background\": \"green\" | background | invalid_value",
                "\"quality\": \"best\" | quality | unsupported_value",
                "\"size\": \"123x456\" | size | invalid_value",
                "\"size\": \"2048x2048\" | size | unsupported_value",
                "\"n\": 11 | n | invalid_value",
                "\"n\": 0 | n | invalid_value",
                "\"n\": \"two\" | n | invalid_value",
                "\"n\": 1e400 | n | invalid_value",
                "\"n\": 2.5 | n | invalid_value",
                "\"partial_images\": 1e999999999 | partial_images | invalid_value",
                "\"stream\": \"yes\" | stream | invalid_value",
                "\"partial_images\": 4 | partial_images | invalid_value",
                "\"response_format\": \"file\" | response_format | invalid_value",
                "\"output_format\": \"png\", \"output_compression\": 50 | output_compression | invalid_value",
                "\"output_format\": \"jpeg\", \"output_compression\": 101 | output_compression | invalid_value",
                "\"seed\": -1 | seed | invalid_value",
                "\"user\": 7 | user | invalid_value",
                "\"stream\": true, \"response_format\": \"url\" | response_format | unsupported_value",
                "\"images\": [{\"image_url\": \"data:image/png;base64,AAAA\"}] | images.0.image_url | invalid_value"
            })
    void invalidParameterIsNamedAsTheClientWroteIt(String field, String parameter, String code) throws Exception {
        var response = post("{\"prompt\": \"x\", \"model\": \"pocket\", %s}".formatted(field))
                .get();

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("x-should-retry")).contains("false");
        assertThat(json(response).at("/error/type").stringValue()).isEqualTo("invalid_request_error");
        assertThat(json(response).at("/error/code").stringValue()).isEqualTo(code);
        assertThat(json(response).at("/error/param").stringValue()).isEqualTo(parameter);
        assertThat(created()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"prompt\": \"\"}", "{\"prompt\": null}", "{\"prompt\": 5}"})
    void promptIsRequired(String body) throws Exception {
        var response = post(body).get();

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).at("/error/param").stringValue()).isEqualTo("prompt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[", "[]", "3", "null", "\"x\""})
    void bodyIsAnObject(String body) throws Exception {
        assertThat(post(body).get().statusCode()).isEqualTo(400);
        assertThat(created()).isEmpty();
    }

    @Test
    void unknownModelIsNotFound() throws Exception {
        var response = post("{\"prompt\": \"x\", \"model\": \"no-such-model\"}").get();

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(json(response).at("/error/code").stringValue()).isEqualTo("model_not_found");
        assertThat(json(response).at("/error/param").stringValue()).isEqualTo("model");
    }

    @ParameterizedTest
    @CsvSource({
        "MODERATION_BLOCKED,400,image_generation_user_error,moderation_blocked",
        "REQUEST_REJECTED,400,invalid_request_error,invalid_value",
        "PROVIDER_ERROR,500,server_error,generation_failed",
        "NOT_CONFIGURED,503,server_error,not_configured",
        "POISONED,500,server_error,generation_failed"
    })
    void failureIsAnErrorThatIsNotRepeated(Failure.Code code, int status, String type, String word) throws Exception {
        var pending = post("{\"prompt\": \"fails\"}");
        var id = accepted();
        jobs.show(JobBuilder.of(ended(id, JobStatus.FAILED))
                .error(new Failure(code, "The filter refused it."))
                .job());

        var response = pending.get();
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("x-should-retry")).contains("false");
        assertThat(json(response).at("/error/type").stringValue()).isEqualTo(type);
        assertThat(json(response).at("/error/code").stringValue()).isEqualTo(word);
        assertThat(json(response).at("/error/message").stringValue()).isEqualTo("The filter refused it.");
        assertThat(json(response).get("job_id").stringValue()).isEqualTo(id.value());
    }

    @Test
    void canceledJobIsAConflict() throws Exception {
        var pending = post("{\"prompt\": \"canceled\"}");
        jobs.show(ended(accepted(), JobStatus.CANCELED));

        assertThat(pending.get().statusCode()).isEqualTo(409);
        assertThat(json(pending.get()).get("code").stringValue()).isEqualTo("generation-canceled");
    }

    @Test
    void waitEndsBeforeTheClientGivesUpAndTheRepeatedRequestFindsTheJob() throws Exception {
        var body = "{\"prompt\": \"slow one\"}";
        var first = post(body, "x-stainless-read-timeout", "6").get();
        var id = accepted();
        jobs.show(running(id));
        assertThat(first.statusCode()).isEqualTo(504);
        assertThat(first.headers().firstValue("retry-after-ms")).contains("1000");
        assertThat(first.headers().firstValue("x-should-retry")).isEmpty();
        assertThat(json(first).get("job_id").stringValue()).isEqualTo(id.value());
        assertThat(json(first).at("/error/code").stringValue()).isEqualTo("wait_timeout");

        var again = post(body, REPEATED);
        var image = bytes(500);
        await().atMost(TIMEOUT).until(() -> jobs.followers() == 1);
        succeed(id, image);

        assertThat(decoded(json(again.get()), 0)).isEqualTo(image);
        assertThat(created()).containsExactly(id);
        var fresh = post(body, REPEATED);
        await().atMost(TIMEOUT).until(() -> created().size() == 2);
        succeed(accepted(), image);
        assertThat(fresh.get().statusCode()).isEqualTo(200);
    }

    @Test
    void equalRequestsOfTwoClientsKeepTheirOwnJobs() throws Exception {
        var body = "{\"prompt\": \"twins\"}";
        post(body, "x-stainless-read-timeout", "6").get();
        var one = accepted();
        jobs.show(running(one));
        post(body, "x-stainless-read-timeout", "6").get();
        var other = accepted();
        jobs.show(running(other));
        assertThat(created()).containsExactly(one, other);

        var first = post(body, REPEATED);
        await().atMost(TIMEOUT).until(() -> jobs.followers() == 1);
        var second = post(body, REPEATED);
        await().atMost(TIMEOUT).until(() -> jobs.followers() == 2);
        succeed(one, bytes(11));
        succeed(other, bytes(12));

        assertThat(decoded(json(first.get()), 0)).isEqualTo(bytes(11));
        assertThat(decoded(json(second.get()), 0)).isEqualTo(bytes(12));
    }

    @Test
    void firstRequestIsNeverJoined() throws Exception {
        var body = "{\"prompt\": \"new each time\"}";
        post(body, "x-stainless-read-timeout", "6").get();
        jobs.show(running(accepted()));

        var second = post(body, "x-stainless-retry-count", "0");
        await().atMost(TIMEOUT).until(() -> created().size() == 2);
        succeed(accepted(), bytes(3));
        assertThat(second.get().statusCode()).isEqualTo(200);
    }

    @Test
    void repeatedRequestWithAnotherBodyIsANewOne() throws Exception {
        post("{\"prompt\": \"the one\"}", "x-stainless-read-timeout", "6").get();
        jobs.show(running(accepted()));

        var second = post("{\"prompt\": \"the other\"}", REPEATED);
        await().atMost(TIMEOUT).until(() -> created().size() == 2);
        succeed(accepted(), bytes(3));
        assertThat(second.get().statusCode()).isEqualTo(200);
    }

    @Test
    void idempotencyKeyFindsTheJob() throws Exception {
        var body = "{\"prompt\": \"keyed\"}";
        var key = "k-" + System.nanoTime();
        var first = post(body, "Idempotency-Key", key);
        var id = accepted();
        succeed(id, bytes(4));
        first.get();

        assertThat(decoded(json(post(body, "Idempotency-Key", key).get()), 0)).isEqualTo(bytes(4));
        assertThat(created()).containsExactly(id);
        var other = post("{\"prompt\": \"other\"}", "Idempotency-Key", key).get();
        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(json(other).at("/error/code").stringValue()).isEqualTo("idempotency_key_reused");
    }

    @Test
    void clientThatDoesNotWantToWaitGetsTheGeneration() throws Exception {
        var response =
                post("{\"prompt\": \"later\"}", "Prefer", "respond-async").get();

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.headers().firstValue("Location")).contains("/v1/generations/" + accepted());
        assertThat(json(response).get("object").stringValue()).isEqualTo("generation");
    }

    @Test
    void imageThatIsGoneIsAProblemNotABrokenBody() throws Exception {
        var pending = post("{\"prompt\": \"gone\"}");
        var id = accepted();
        jobs.show(SampleJobs.as(id, SampleJobs.succeeded(bytes(40))));

        assertThat(pending.get().statusCode()).isIn(404, 503);
        assertThat(pending.get().headers().firstValue("Content-Type")).contains("application/problem+json");
    }

    @Test
    void streamHasCommentsUntilItHasTheImages() throws Exception {
        var images = new byte[][] {bytes(20_000), bytes(7)};
        var pending = post("{\"prompt\": \"streamed\u2028\", \"n\": 2, \"stream\": true, \"partial_images\": 2}");
        var id = accepted();
        await().pollDelay(Duration.ofMillis(700)).until(() -> true);
        succeed(id, images);

        var response = pending.get();
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
        var text = new String(response.body(), StandardCharsets.UTF_8);
        var blocks = Arrays.asList(text.split("\n\n", -1));
        assertThat(blocks.stream().filter(block -> block.startsWith(":")).count())
                .isGreaterThan(1);
        var events = blocks.stream().filter(block -> block.startsWith("event:")).toList();
        assertThat(events).hasSize(2).allMatch(event -> event.startsWith("event: image_generation.completed\ndata: "));
        assertThat(blocks).allMatch(block -> block.isEmpty() || block.startsWith(":") || block.startsWith("event:"));
        for (int i = 0; i < events.size(); i++) {
            var data = JSON.readTree(events.get(i).substring(events.get(i).indexOf("data: ") + 6));
            assertThat(data.get("type").stringValue()).isEqualTo("image_generation.completed");
            assertThat(Base64.getDecoder().decode(data.get("b64_json").stringValue()))
                    .isEqualTo(images[i]);
            assertThat(data.get("created_at").longValue()).isPositive();
            assertThat(data.get("size").stringValue()).isEqualTo("512x512");
            assertThat(data.get("quality").stringValue()).isEqualTo("auto");
            assertThat(data.get("background").stringValue()).isEqualTo("auto");
            assertThat(data.get("output_format").stringValue()).isEqualTo("png");
            assertThat(data.at("/usage/total_tokens").intValue()).isZero();
        }
    }

    @Test
    void streamOfAFailedJobEndsWithAnError() throws Exception {
        var pending = post("{\"prompt\": \"fails\", \"stream\": true}");
        jobs.show(JobBuilder.of(ended(accepted(), JobStatus.FAILED))
                .error(new Failure(Failure.Code.MODERATION_BLOCKED, "The filter refused it."))
                .job());

        var text = new String(pending.get().body(), StandardCharsets.UTF_8);
        var event = text.substring(text.indexOf("event: error\ndata: "));
        var data = JSON.readTree(event.substring(event.indexOf("data: ") + 6).strip());
        assertThat(data.at("/error/code").stringValue()).isEqualTo("moderation_blocked");
        assertThat(data.at("/error/message").stringValue()).isEqualTo("The filter refused it.");
    }

    @Test
    void refusedStreamIsAProblem() throws Exception {
        assertThat(post("{\"stream\": true}").get().statusCode()).isEqualTo(400);
    }

    private void succeed(JobId id, byte[]... images) {
        succeed(id, job -> job, images);
    }

    /** Shows the job once only, because the response may be made from the first state that has ended. */
    private void succeed(JobId id, UnaryOperator<JobBuilder> change, byte[]... images) {
        for (int i = 0; i < images.length; i++) {
            store.putImage(SampleJobs.key(id, i), images[i]);
        }
        var job = JobBuilder.of(SampleJobs.as(id, SampleJobs.succeeded(images))).request(requested(id));
        jobs.show(change.apply(job).job());
    }

    private Job running(JobId id) {
        return new JobBuilder(id, Instant.now(), requested(id))
                .state(2, JobStatus.RUNNING, "generating")
                .worker(JobBuilder.WORKER)
                .job();
    }

    private static Job ended(JobId id, JobStatus status) {
        return SampleJobs.as(id, SampleJobs.in(status));
    }

    private GenerationRequest requested() {
        return requested(accepted());
    }

    private GenerationRequest requested(JobId id) {
        return publisher.events(GenerationRequested.class).stream()
                .filter(event -> event.job().equals(id))
                .map(GenerationRequested::request)
                .findFirst()
                .orElseThrow();
    }

    /** The id of the newest job that this test has created. */
    private JobId accepted() {
        await().atMost(TIMEOUT).until(() -> !created().isEmpty());
        return created().get(created().size() - 1);
    }

    private List<JobId> created() {
        return publisher.events(GenerationRequested.class).stream()
                .map(GenerationRequested::job)
                .filter(id -> !known.contains(id))
                .toList();
    }

    private CompletableFuture<HttpResponse<byte[]>> post(String body, String... headers) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + GENERATIONS))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json");
        return send(request, headers);
    }

    private CompletableFuture<HttpResponse<byte[]>> send(HttpRequest.Builder request, String... headers) {
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static byte[] bytes(int length) {
        var bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static JsonNode json(HttpResponse<byte[]> response) {
        return JSON.readTree(response.body());
    }

    private static byte[] decoded(JsonNode response, int index) {
        return Base64.getDecoder()
                .decode(response.get("data").get(index).get("b64_json").stringValue());
    }
}
