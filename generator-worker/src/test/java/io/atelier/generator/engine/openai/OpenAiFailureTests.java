package io.atelier.generator.engine.openai;

import static io.atelier.generator.provider.ProviderStub.json;
import static io.atelier.generator.provider.ProviderStub.silence;
import static io.atelier.generator.provider.ProviderStub.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.EngineStatus.Condition;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.SourceImage;
import io.atelier.generator.engine.SourceImages;
import io.atelier.generator.provider.ProviderStub;
import io.atelier.generator.provider.SampleImages;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiFailureTests {

    private static final SourceImages SOURCES = SourceImages.of(new SourceImage(SampleImages.png(8, 8), "image/png"));

    private final ProviderStub provider = new ProviderStub();

    @AfterEach
    void close() {
        provider.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"content_policy_violation", "moderation_blocked"})
    @DisplayName("Both moderation codes are a policy violation, without retry, and the provider's request id is kept")
    void moderationIsRecognisedByItsCode(String code) {
        provider.always(with(envelope(400, code, "Your request was rejected."), "x-request-id", "req_7"));

        for (var failure : List.of(failure(), editFailure())) {
            assertThat(failure.code()).isEqualTo(Code.MODERATION_BLOCKED);
            assertThat(failure.message()).contains("content_policy_violation").contains("Your request was rejected.");
            assertThat(failure.providerRequestId()).isEqualTo("req_7");
            assertThat(failure.providerStatus()).isEqualTo(400);
        }
        assertThat(provider.calls()).hasSize(2);
    }

    @Test
    @DisplayName("A message that contains safety_violations is a policy violation")
    void moderationIsRecognisedByItsMessage() {
        provider.always(envelope(400, "bad_request", "Rejected. safety_violations=[violence]."));

        assertThat(failure().code()).isEqualTo(Code.MODERATION_BLOCKED);
        assertThat(provider.calls()).hasSize(1);
    }

    @DisplayName(
            "A refusal of the content filter is recognised wherever it stands, and is neither repeated nor passed to"
                    + " another model")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "400 {'error':{'code':'contentFilter','message':'Filtered.'}}",
                "400 {'error':{'code':'content_filter','message':'Filtered.'}}",
                "400 {'error':{'code':'InvalidRequest','message':'no','inner_error':{'code':'ResponsibleAIPolicyViolation'}}}",
                "400 {'error':{'message':'no','innererror':{'content_filter_result':{'hate':{'filtered':true}}}}}",
                "500 {'error':{'code':'server_error','message':'no','inner_error':{'code':'content_filter'}}}",
                "429 {'error':{'code':'content_filter','message':'no'}}",
                "400 {'error':'The response was filtered due to the content management policy'}",
                "400 {'detail':'Your request was rejected as a result of our safety system.'}",
                "200 {'error':{'code':'contentFilter','message':'no'}}",
                "200 {'data':[{'content_filter_results':{'violence':{'filtered':true,'severity':'high'}}}]}",
                "200 {'data':[],'prompt_filter_results':[{'content_filter_results':{'sexual':{'filtered':true}}}]}"
            })
    void contentFilterIsRecognisedEverywhere(String response) {
        provider.always(json(
                Integer.parseInt(response.substring(0, 3)),
                response.substring(4).replace('\'', '"')));

        var failure = failure();

        assertThat(failure.code()).isEqualTo(Code.MODERATION_BLOCKED);
        assertThat(failure.code().allowsFallback()).isFalse();
        assertThat(failure.message()).startsWith("Content policy violation (content_policy_violation)");
        assertThat(provider.calls()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'error','error':{'code':'contentFilter','message':'no'}}",
                "{'type':'error','code':'content_filter','message':'no'}",
                "{'type':'image_generation.failed','inner_error':{'code':'moderation_blocked'}}"
            })
    void contentFilterInAStreamIsRecognised(String event) {
        provider.always(ProviderStub.answer(
                200, "text/event-stream", ("data: " + event.replace('\'', '"') + "\n\n").getBytes(UTF_8)));

        assertThat(failure("partial-images", "1").code()).isEqualTo(Code.MODERATION_BLOCKED);
        assertThat(provider.calls()).hasSize(1);
    }

    @DisplayName("A prompt or result that only speaks of filters is no refusal")
    @Test
    void unfilteredResultsAreNoRefusal() {
        var base64 = Base64.getEncoder().encodeToString(SampleImages.png(8, 8));
        provider.always(json(200, """
            {"error":"", "data":[{"b64_json":"%s", "revised_prompt":"a safety system for a content filter",
             "content_filter_results":{"hate":{"filtered":false}}}]}\
            """.formatted(base64)));

        assertThat(OpenAiFixtures.engine(provider).generate(OpenAiFixtures.request("a harbour"), OpenAiFixtures.run()))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"401", "403"})
    void rejectedKeyIsReportedWithoutBeingRepeated(int status) {
        provider.always(envelope(status, "invalid_api_key", "Incorrect API key provided: sk-test-0123456789."));

        var failure = failure();

        assertThat(failure.code()).isEqualTo(Code.PROVIDER_AUTH);
        assertThat(failure.message())
                .contains("api key")
                .contains("io.atelier.engines.openai.servers.openai.key")
                .doesNotContain("0123456789");
        assertThat(provider.calls()).hasSize(1);
    }

    @Test
    @DisplayName("A server that does not answer is a timeout, named as 'timeout' and 'timed out', and is not retried")
    void timeoutIsNotRetried() {
        provider.always(silence());

        var failure = failure("timeout", "300ms");

        assertThat(failure.code()).isEqualTo(Code.PROVIDER_TIMEOUT);
        assertThat(failure.message()).contains("timeout").contains("timed out");
        assertThat(provider.calls()).hasSize(1);
    }

    @Test
    @DisplayName("A timeout is retried if the settings say so")
    void timeoutIsRetriedIfConfigured() {
        provider.then(silence()).always(image());

        OpenAiFixtures.engine(provider, "timeout", "500ms", "retry-timeouts", "true")
                .generate(OpenAiFixtures.request("a harbour"), OpenAiFixtures.run());

        assertThat(provider.calls()).hasSize(2);
    }

    @Test
    @DisplayName("One call may take 600 s, and all calls of a job more than that")
    void defaultTimeoutIs600Seconds() {
        var settings = OpenAiFixtures.server().providerSettings();

        assertThat(settings.timeouts().callTimeout()).isEqualTo(Duration.ofMinutes(10));
        assertThat(settings.timeouts().readTimeout()).isEqualTo(Duration.ofMinutes(10));
        assertThat(settings.timeouts().totalTimeout()).isEqualTo(Duration.ofSeconds(620));
        assertThat(settings.retry().timeouts()).isFalse();
        assertThat(settings.retry().rateLimits()).isTrue();
        assertThat(OpenAiFixtures.server("timeout", "30m")
                        .providerSettings()
                        .timeouts()
                        .totalTimeout())
                .isGreaterThan(Duration.ofMinutes(30));
    }

    @Test
    @DisplayName("A 429 is retried when Retry-After allows it")
    void rateLimitIsRetriedAfterItsTime() {
        provider.then(with(envelope(429, "rate_limit_exceeded", "Slow down."), "Retry-After", "1"))
                .always(image());

        OpenAiFixtures.engine(provider).generate(OpenAiFixtures.request("a harbour"), OpenAiFixtures.run());

        var calls = provider.calls();
        assertThat(calls).hasSize(2);
        assertThat(calls.get(1).nanos() - calls.get(0).nanos()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(990));
    }

    @Test
    @DisplayName("A 429 with more than 60 s of Retry-After is reported without waiting")
    void longRateLimitIsReportedWithoutWaiting() {
        provider.always(with(envelope(429, "rate_limit_exceeded", "Slow down."), "Retry-After", "90"));

        var failure = failure();

        assertThat(failure.code()).isEqualTo(Code.RATE_LIMITED);
        assertThat(failure.message()).startsWith("Rate limit exceeded. Please try again later");
        assertThat(failure.retryAfterSeconds()).isEqualTo(90);
        assertThat(provider.calls()).hasSize(1);
    }

    @Test
    void accountWithoutCreditIsNotRetried() {
        provider.always(envelope(429, "insufficient_quota", "You exceeded your current quota."));

        var failure = failure();

        assertThat(failure.code()).isEqualTo(Code.RATE_LIMITED);
        assertThat(failure.message()).contains("no credit").contains("You exceeded your current quota.");
        assertThat(provider.calls()).hasSize(1);
    }

    @Test
    @DisplayName("5xx answers and network failures are retried, four calls in all")
    void serverErrorsAndNetworkFailuresAreRetried() {
        provider.then(ProviderStub.disconnect()).always(envelope(500, "server_error", "Oops."));

        var failure = failure();

        assertThat(failure.code()).isEqualTo(Code.PROVIDER_ERROR);
        assertThat(failure.message()).isEqualTo("Service error: Oops.");
        assertThat(provider.calls()).hasSize(4);
    }

    @Test
    @DisplayName("Any other 400 rejects the request")
    void anyOther400RejectsTheRequest() {
        provider.always(envelope(400, "invalid_value", "Invalid value: '7x7'."));

        var failure = failure();

        assertThat(failure.code()).isEqualTo(Code.REQUEST_REJECTED);
        assertThat(failure.message()).isEqualTo("Invalid request: Invalid value: '7x7'.");
        assertThat(provider.calls()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"detail\":\"Invalid size format\"}; Invalid request: Invalid size format",
                "{\"detail\":[{\"loc\":[\"body\",\"n\"],\"msg\":\"too many\"}]}; "
                        + "Invalid request: [{\"loc\":[\"body\",\"n\"],\"msg\":\"too many\"}]",
                "{\"error\":\"Unhandled parameter: seed\"}; Invalid request: Unhandled parameter: seed",
                "{\"error\":\"server_error\",\"message\":\"out of memory\"}; Invalid request: out of memory",
                "Mediapipe execution failed; Invalid request: Mediapipe execution failed"
            })
    void errorFormatsOfAllServersAreRead(String body, String message) {
        provider.always(json(400, body));

        assertThat(failure().message()).isEqualTo(message);
    }

    @Test
    void loadingModelIsRetriedAfterItsTime() {
        var loading = json(503, """
            {"error":{"message":"model is loading","type":"server_error"},
             "loading":{"state":"loading","progress":0.5,"eta_seconds":12}}\
            """);
        provider.then(with(loading, "Retry-After", "1")).always(image());

        OpenAiFixtures.engine(provider, "dialect", "localai")
                .generate(OpenAiFixtures.request("a harbour"), OpenAiFixtures.run());
        provider.always(with(loading, "Retry-After", "120"));
        var failure = failure("dialect", "localai");

        assertThat(failure.message()).isEqualTo("Service error: model is loading (loading, 12 s to go)");
        assertThat(failure.retryAfterSeconds()).isEqualTo(120);
        assertThat(provider.calls()).hasSize(3);
    }

    @Test
    void errorInASuccessfulResponseIsAnInvalidResponse() {
        provider.always(json(200, "{\"error\":{\"message\":\"No model\"}}"));

        var failure = failure();

        assertThat(failure.code()).isEqualTo(Code.INVALID_RESPONSE);
        assertThat(failure.message()).startsWith("Image generation failed:").contains("No model");
    }

    @Test
    @DisplayName(
            "Without a key the provider is not called, and the message names the setting and its environment variable")
    void withoutAKeyOpenAiIsNotCalled() {
        var engine = OpenAiFixtures.engineAt("", "key", "");

        assertThat(engine.status().condition()).isEqualTo(Condition.NOT_CONFIGURED);
        assertThat(engine.status().detail())
                .contains("io.atelier.engines.openai.servers.openai.key")
                .contains("OPENAI_API_KEY");
        var failure = catchThrowableOfType(
                        GenerationFailed.class,
                        () -> engine.generate(OpenAiFixtures.request("a harbour"), OpenAiFixtures.run()))
                .failure();
        assertThat(failure.code()).isEqualTo(Code.NOT_CONFIGURED);
        assertThat(failure.message()).isEqualTo(engine.status().detail());
    }

    @Test
    void withoutAnAddressACompatibleServerIsNotCalled() {
        var engine = OpenAiFixtures.engineAt("", "dialect", "sdcpp");

        assertThat(engine.status().condition()).isEqualTo(Condition.NOT_CONFIGURED);
        assertThat(engine.status().detail()).contains("io.atelier.engines.openai.servers.openai.url");
    }

    @Test
    void compatibleServerNeedsNoKey() {
        provider.always(image());

        OpenAiFixtures.engine(provider, "key", "").generate(OpenAiFixtures.request("a harbour"), OpenAiFixtures.run());

        assertThat(provider.calls().get(0).header("Authorization")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"api.example/v1", "ftp://api.example/v1", "https://me:secret@api.example/v1"})
    void malformedAddressStopsTheStartAndNamesTheSetting(String url) {
        assertThatThrownBy(() -> OpenAiFixtures.engineAt(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("io.atelier.engines.openai.servers.openai.url")
                .hasMessageNotContaining("secret");
    }

    @Test
    void settingsDoNotPrintTheKey() {
        var server = OpenAiFixtures.server("key", "sk-test-0123456789", "url", "https://me:secret@api.example/v1");

        assertThat(server.toString()).doesNotContain("0123456789").doesNotContain("secret");
    }

    private Failure failure(String... namesAndValues) {
        return catchThrowableOfType(
                        GenerationFailed.class,
                        () -> OpenAiFixtures.engine(provider, namesAndValues)
                                .generate(OpenAiFixtures.request("a harbour"), OpenAiFixtures.run()))
                .failure();
    }

    private Failure editFailure() {
        return catchThrowableOfType(
                        GenerationFailed.class,
                        () -> OpenAiFixtures.engine(provider)
                                .edit(OpenAiFixtures.request("a harbour"), SOURCES, OpenAiFixtures.run()))
                .failure();
    }

    private static MockResponse envelope(int status, String code, String message) {
        return json(
                status,
                "{\"error\":{\"message\":\"%s\",\"type\":\"error\",\"param\":null,\"code\":\"%s\"}}"
                        .formatted(message, code));
    }

    private static MockResponse image() {
        var base64 = Base64.getEncoder().encodeToString(SampleImages.png(8, 8));
        return json(200, "{\"data\":[{\"b64_json\":\"%s\"}]}".formatted(base64));
    }
}
