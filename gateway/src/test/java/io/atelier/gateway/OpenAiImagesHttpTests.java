package io.atelier.gateway;

import static io.atelier.gateway.WaitingClient.JSON;
import static io.atelier.gateway.WaitingClient.TIMEOUT;
import static io.atelier.gateway.WaitingClient.bytes;
import static io.atelier.gateway.WaitingClient.ended;
import static io.atelier.gateway.WaitingClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.image.JpegEncoding;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.ProviderUsage;
import io.atelier.messaging.InMemoryEventPublisher;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
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

/** The images API of OpenAI: responses, failures, streams, and requests that its client libraries repeat. */
@GatewayHttpTest
class OpenAiImagesHttpTests {

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

    private WaitingClient client;

    @BeforeEach
    void connect() {
        client = new WaitingClient(() -> port, jobs, store, publisher);
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
        client.succeed(client.accepted(), image);

        var response = pending.get();
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValueAsLong("Content-Length").getAsLong())
                .isEqualTo(response.body().length);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(response.headers().firstValue("X-Generation-Id"))
                .contains(client.accepted().value());
        assertThat(decoded(json(response), 0)).isEqualTo(image);
        assertThat(json(response).get("created").longValue()).isPositive();
        assertThat(json(response).get("output_format").stringValue()).isEqualTo("png");
        assertThat(json(response).at("/job/id").stringValue())
                .isEqualTo(client.accepted().value());
        assertThat(json(response).at("/job/urls/self").stringValue()).isEqualTo("/v1/generations/" + client.accepted());
        assertThat(json(response).has("usage")).isFalse();
    }

    @Test
    void allImagesAreSentInTheirOrder() throws Exception {
        var images = new byte[][] {bytes(1_000), bytes(50_001), bytes(2)};
        var pending = post("{\"prompt\": \"three\", \"n\": 3}");
        client.succeed(client.accepted(), images);

        var response = json(pending.get());
        assertThat(response.get("data").size()).isEqualTo(3);
        for (int i = 0; i < images.length; i++) {
            assertThat(decoded(response, i)).isEqualTo(images[i]);
        }
        assertThat(client.requested().n()).isEqualTo(3);
    }

    @Test
    void urlsLeadToTheImages() throws Exception {
        var image = bytes(3_000);
        var pending = post("{\"prompt\": \"by url\", \"response_format\": \"url\"}");
        client.succeed(client.accepted(), image);

        var url = json(pending.get()).at("/data/0/url").stringValue();
        assertThat(url).startsWith("http://127.0.0.1:" + port + "/");
        assertThat(client.send(HttpRequest.newBuilder(URI.create(url))).get().body())
                .isEqualTo(image);
    }

    @Test
    void tokensOfTheProviderAreTheUsage() throws Exception {
        var pending = post("{\"prompt\": \"tokens\"}");
        client.succeed(
                client.accepted(),
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
        client.succeed(client.accepted(), bytes(9));

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
        client.succeed(client.accepted(), bytes(9));

        assertThat(json(pending.get()).get("user").stringValue()).isEqualTo("u-1");
        assertThat(json(pending.get()).get("safety_identifier").stringValue()).isEqualTo("s-1");
        assertThat(client.requested().labels())
                .containsEntry("openai.user", "u-1")
                .containsEntry("openai.safety_identifier", "s-1")
                .containsEntry("own", "x");
    }

    @ParameterizedTest
    @CsvSource({"low,13", "medium,25", "standard,25", "auto,25", "high,38", "hd,38", "xhigh,50", "max,75"})
    void qualityIsANumberOfStepsForAModelWithoutLevels(String quality, int steps) throws Exception {
        var pending = post("{\"prompt\": \"q\", \"model\": \"pocket\", \"quality\": \"%s\"}".formatted(quality));
        client.succeed(client.accepted(), bytes(9));

        pending.get();
        assertThat(client.requested().steps()).isEqualTo(steps);
    }

    @Test
    void ownFieldsAreTakenToo() throws Exception {
        var pending = post(
                "{\"prompt\": \"own\", \"seed\": 7, \"steps\": 9, \"quality\": \"max\", \"grid\": {\"layout\": \"2x2\"}, \"client_ref\": \"r\"}");
        client.succeed(client.accepted(), bytes(9));

        pending.get();
        assertThat(client.requested().seed()).isEqualTo(7);
        assertThat(client.requested().steps()).isEqualTo(9);
        assertThat(client.requested().grid()).isNotNull();
        assertThat(client.requested().clientRef()).isEqualTo("r");
    }

    @Test
    void jpegIsRequestedByItsNameHere() throws Exception {
        var pending = post("{\"prompt\": \"jpeg\", \"output_format\": \"jpeg\", \"output_compression\": 70}");
        var id = client.accepted();
        client.succeed(id, bytes(9));

        pending.get();
        assertThat(client.requested().jpeg()).isEqualTo(new JpegEncoding(70));
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
        assertThat(client.created()).isEmpty();
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
        assertThat(client.created()).isEmpty();
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
        var id = client.accepted();
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
        jobs.show(ended(client.accepted(), JobStatus.CANCELED));

        assertThat(pending.get().statusCode()).isEqualTo(409);
        assertThat(json(pending.get()).get("code").stringValue()).isEqualTo("generation-canceled");
    }

    @Test
    void waitEndsBeforeTheClientGivesUpAndTheRepeatedRequestFindsTheJob() throws Exception {
        var body = "{\"prompt\": \"slow one\"}";
        var first = post(body, "x-stainless-read-timeout", "6").get();
        var id = client.accepted();
        client.start(id);
        assertThat(first.statusCode()).isEqualTo(504);
        assertThat(first.headers().firstValue("retry-after-ms")).contains("1000");
        assertThat(first.headers().firstValue("x-should-retry")).isEmpty();
        assertThat(json(first).get("job_id").stringValue()).isEqualTo(id.value());
        assertThat(json(first).at("/error/code").stringValue()).isEqualTo("wait_timeout");

        var again = post(body, REPEATED);
        var image = bytes(500);
        await().atMost(TIMEOUT).until(() -> jobs.followers() == 1);
        client.succeed(id, image);

        assertThat(decoded(json(again.get()), 0)).isEqualTo(image);
        assertThat(client.created()).containsExactly(id);
        var fresh = post(body, REPEATED);
        await().atMost(TIMEOUT).until(() -> client.created().size() == 2);
        client.succeed(client.accepted(), image);
        assertThat(fresh.get().statusCode()).isEqualTo(200);
    }

    @Test
    void equalRequestsOfTwoClientsKeepTheirOwnJobs() throws Exception {
        var body = "{\"prompt\": \"twins\"}";
        post(body, "x-stainless-read-timeout", "6").get();
        var one = client.accepted();
        client.start(one);
        post(body, "x-stainless-read-timeout", "6").get();
        var other = client.accepted();
        client.start(other);
        assertThat(client.created()).containsExactly(one, other);

        var first = post(body, REPEATED);
        await().atMost(TIMEOUT).until(() -> jobs.followers() == 1);
        var second = post(body, REPEATED);
        await().atMost(TIMEOUT).until(() -> jobs.followers() == 2);
        client.succeed(one, bytes(11));
        client.succeed(other, bytes(12));

        assertThat(decoded(json(first.get()), 0)).isEqualTo(bytes(11));
        assertThat(decoded(json(second.get()), 0)).isEqualTo(bytes(12));
    }

    @Test
    void firstRequestIsNeverJoined() throws Exception {
        var body = "{\"prompt\": \"new each time\"}";
        post(body, "x-stainless-read-timeout", "6").get();
        client.start(client.accepted());

        var second = post(body, "x-stainless-retry-count", "0");
        await().atMost(TIMEOUT).until(() -> client.created().size() == 2);
        client.succeed(client.accepted(), bytes(3));
        assertThat(second.get().statusCode()).isEqualTo(200);
    }

    @Test
    void repeatedRequestWithAnotherBodyIsANewOne() throws Exception {
        post("{\"prompt\": \"the one\"}", "x-stainless-read-timeout", "6").get();
        client.start(client.accepted());

        var second = post("{\"prompt\": \"the other\"}", REPEATED);
        await().atMost(TIMEOUT).until(() -> client.created().size() == 2);
        client.succeed(client.accepted(), bytes(3));
        assertThat(second.get().statusCode()).isEqualTo(200);
    }

    @Test
    void idempotencyKeyFindsTheJob() throws Exception {
        var body = "{\"prompt\": \"keyed\"}";
        var key = "k-" + System.nanoTime();
        var first = post(body, "Idempotency-Key", key);
        var id = client.accepted();
        client.succeed(id, bytes(4));
        first.get();

        assertThat(decoded(json(post(body, "Idempotency-Key", key).get()), 0)).isEqualTo(bytes(4));
        assertThat(client.created()).containsExactly(id);
        var other = post("{\"prompt\": \"other\"}", "Idempotency-Key", key).get();
        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(json(other).at("/error/code").stringValue()).isEqualTo("idempotency_key_reused");
    }

    @Test
    void clientThatDoesNotWantToWaitGetsTheGeneration() throws Exception {
        var response =
                post("{\"prompt\": \"later\"}", "Prefer", "respond-async").get();

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.headers().firstValue("Location")).contains("/v1/generations/" + client.accepted());
        assertThat(response.headers().firstValue("x-generation-id"))
                .contains(client.accepted().value());
        assertThat(json(response).get("object").stringValue()).isEqualTo("generation");
    }

    @Test
    void imageThatIsGoneIsAProblemNotABrokenBody() throws Exception {
        var pending = post("{\"prompt\": \"gone\"}");
        var id = client.accepted();
        jobs.show(SampleJobs.as(id, SampleJobs.succeeded(bytes(40))));

        assertThat(pending.get().statusCode()).isIn(404, 503);
        assertThat(pending.get().headers().firstValue("Content-Type")).contains("application/problem+json");
    }

    @Test
    void streamHasCommentsUntilItHasTheImages() throws Exception {
        var images = new byte[][] {bytes(20_000), bytes(7)};
        var pending = post("{\"prompt\": \"streamed\u2028\", \"n\": 2, \"stream\": true, \"partial_images\": 2}");
        var id = client.accepted();
        await().pollDelay(Duration.ofMillis(700)).until(() -> true);
        client.succeed(id, images);

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
        jobs.show(JobBuilder.of(ended(client.accepted(), JobStatus.FAILED))
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

    private CompletableFuture<HttpResponse<byte[]>> post(String body, String... headers) {
        return client.send(client.json(GENERATIONS, body), headers);
    }

    private static byte[] decoded(JsonNode response, int index) {
        return Base64.getDecoder()
                .decode(response.get("data").get(index).get("b64_json").stringValue());
    }
}
