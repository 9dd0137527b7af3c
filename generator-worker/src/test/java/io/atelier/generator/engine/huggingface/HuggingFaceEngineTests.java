package io.atelier.generator.engine.huggingface;

import static io.atelier.generator.provider.ProviderStub.answer;
import static io.atelier.generator.provider.ProviderStub.json;
import static io.atelier.generator.provider.ProviderStub.png;
import static io.atelier.generator.provider.ProviderStub.status;
import static io.atelier.generator.provider.ProviderStub.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.Capability;
import io.atelier.generator.engine.EngineStatus.Condition;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.Requested;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.generator.provider.ProviderStub;
import io.atelier.generator.provider.SampleImages;
import io.atelier.generator.provider.SampleSettings;
import io.atelier.worker.cancellation.Cancellation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HuggingFaceEngineTests {

    private static final String SCHNELL = "black-forest-labs/FLUX.1-schnell";
    private static final Requested CAT = Requested.of("A cat").from(SCHNELL);

    private final ProviderStub provider = new ProviderStub();
    private final List<GenerationEngine> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(GenerationEngine::close);
        provider.close();
    }

    @Test
    @DisplayName("Without a seed the request equals that of the replaced client")
    void requestWithoutSeedEqualsThatOfTheReplacedClient() {
        provider.always(png(512, 512));
        var engine = engine("send-seed", "false");

        generate(engine, CAT);

        assertThat(provider.calls()).hasSize(1);
        var call = provider.calls().get(0);
        assertThat(call.method()).isEqualTo("POST");
        assertThat(call.path()).isEqualTo("/models/black-forest-labs/FLUX.1-schnell");
        assertThat(call.header("Authorization")).isEqualTo("Bearer t0k");
        assertThat(call.header("Content-Type")).isEqualTo("application/json");
        assertThat(call.text()).isEqualTo("{\"inputs\":\"A cat\",\"parameters\":{\"width\":512,\"height\":512}}");
        assertThat(engine.capabilities()).doesNotContain(Capability.SEED);
    }

    @Test
    void allParametersOfTheRequestAreSent() {
        provider.always(png(512, 512));

        generate(engine(), CAT.detailed("dogs", 4, 3.5).images(2));

        assertThat(provider.calls()).extracting(ProviderStub.Call::text).containsExactly(detailed(7), detailed(8));
    }

    private static String detailed(int seed) {
        return ("{\"inputs\":\"A cat\",\"parameters\":{\"width\":512,\"height\":512,\"num_inference_steps\":4,"
                        + "\"guidance_scale\":3.5,\"negative_prompt\":\"dogs\",\"seed\":%d}}")
                .formatted(seed);
    }

    @Test
    @DisplayName("Without a token the engine exists, makes no call and names the missing setting")
    void withoutATokenNoRequestIsSent() {
        var engine = engine("token", "");

        var failure = failure(engine);

        assertThat(engine.status().condition()).isEqualTo(Condition.NOT_CONFIGURED);
        assertThat(engine.status().detail()).isEqualTo(failure.message());
        assertThat(failure.code()).isEqualTo(Code.NOT_CONFIGURED);
        assertThat(failure.message()).contains("API key not configured").contains("HF_TOKEN");
        assertThat(provider.calls()).isEmpty();
    }

    @Test
    @DisplayName("JPEG and WebP answers are accepted")
    void jpegAndWebpAreAccepted() {
        var webp = Base64.getDecoder().decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==");
        provider.then(answer(200, "image/jpeg", SampleImages.jpeg(512, 512)), answer(200, "image/webp", webp));
        var engine = engine();

        assertThat(generate(engine, CAT).get(0).metadata()).isEmpty();
        var webpImage = generate(engine, CAT).get(0);
        assertThat(webpImage.pixels().width()).isEqualTo(1);
        assertThat(webpImage.metadata()).containsKey(GeneratedImage.WARNING);
    }

    @Test
    void loadingModelIsRetriedAfterTheEstimatedTime() {
        provider.then(json(503, "{\"error\":\"Model is currently loading\",\"estimated_time\":0.4}"), png(512, 512));

        generate(engine(), CAT);

        assertThat(millisBetweenCalls()).isGreaterThanOrEqualTo(990);
    }

    @Test
    void loadingModelsDoNotOpenTheCircuitBreaker() {
        provider.always(json(503, "{\"error\":\"Model is currently loading\",\"estimated_time\":300}"));
        var engine = engine(
                "remote.retry.max-retry-after-interval", "1s",
                "remote.retry.max-retries", "1",
                "remote.breaker.calls", "2",
                "remote.breaker.minimum", "2");

        var failure = failure(engine);

        assertThat(failure.code()).isEqualTo(Code.ENGINE_UNAVAILABLE);
        assertThat(failure.message()).isEqualTo("The model is not ready: Model is currently loading");
        assertThat(failure.providerStatus()).isEqualTo(503);
        assertThat(provider.calls()).hasSize(2);
        assertThat(engine.status().condition()).isEqualTo(Condition.READY);
    }

    @Test
    @DisplayName("After a 429 the next call comes when Retry-After allows it, not before")
    void rateLimitIsRetriedAfterItsTime() {
        provider.then(with(status(429), "Retry-After", "1"), png(512, 512));

        generate(engine("remote.retry.rate-limits", "true"), CAT);

        assertThat(millisBetweenCalls()).isGreaterThanOrEqualTo(990);
    }

    @Test
    @DisplayName("A rate limit longer than the maximum wait fails the job with its Retry-After")
    void longRateLimitIsReportedWithItsTime() {
        provider.always(with(status(429), "Retry-After", "3600"));

        var failure = failure(engine("remote.retry.rate-limits", "true"));

        assertThat(failure.code()).isEqualTo(Code.RATE_LIMITED);
        assertThat(failure.message()).startsWith("Rate limit exceeded");
        assertThat(failure.retryAfterSeconds()).isEqualTo(3600);
        assertThat(provider.calls()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | {\"error\":\"reason\"} | REQUEST_REJECTED | Invalid request: reason | 1",
                "422 | {\"error\":[\"reason\",\"more\"]} | REQUEST_REJECTED | Invalid request: reason | 1",
                "401 | {\"error\":\"reason\"} | PROVIDER_AUTH | API key (HF_TOKEN) is invalid | 1",
                "402 | {\"error\":{\"message\":\"reason\"}} | PROVIDER_AUTH | has no credit left: reason | 1",
                "404 | Not Found | REQUEST_REJECTED | Image generation failed with status 404 | 1",
                "500 | {\"error\":\"reason\"} | PROVIDER_ERROR | Service error: reason | 4",
                "503 | unavailable | PROVIDER_ERROR | Image generation service error. Please try again later. | 4",
                "200 | {\"error\":\"reason\"} | INVALID_RESPONSE | Image generation failed: reason | 2",
                "200 | {} | INVALID_RESPONSE | Invalid response from image generation service | 2"
            })
    void eachErrorResponseHasItsCodeAndMessage(int status, String body, Code code, String message, int calls) {
        provider.always(json(status, body));

        var failure = failure(engine());

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.message()).contains(message);
        assertThat(failure.providerStatus()).isEqualTo(status);
        assertThat(provider.calls()).hasSize(calls);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://elsewhere.example/model",
                "http://169.254.169.254/",
                "//elsewhere.example",
                "../../secrets",
                "a/../b",
                "owner/model/more",
                "owner/model?x=y",
                "owner/model#x",
                "a b"
            })
    @DisplayName("A model is never an address, so that no client can choose the server that gets the token")
    void modelIsNeverAnAddress(String model) {
        var engine = engine();

        var failure = catchThrowableOfType(GenerationFailed.class, () -> generate(engine, CAT.from(model)))
                .failure();

        assertThat(failure.code()).isEqualTo(Code.REQUEST_REJECTED);
        assertThat(failure.message()).contains("never addresses");
        assertThat(provider.calls()).isEmpty();
    }

    @Test
    void settingsDoNotPrintSecrets() {
        var settings =
                SampleSettings.bound(HuggingFaceSettings.class, "url", "https://u:hidden@host", "token", "hidden");

        assertThat(settings.toString()).doesNotContain("hidden").contains("***");
    }

    private long millisBetweenCalls() {
        var calls = provider.calls();
        assertThat(calls).hasSize(2);
        return TimeUnit.NANOSECONDS.toMillis(calls.get(1).nanos() - calls.get(0).nanos());
    }

    private GenerationEngine engine(String... settings) {
        var all = new ArrayList<>(
                List.of("url", provider.url("/"), "token", "t0k", "remote.retry.base-interval", "10ms"));
        all.addAll(List.of(settings));
        var engine = HuggingFaceEngine.of(
                SampleSettings.bound(HuggingFaceSettings.class, all.toArray(String[]::new)),
                new ProviderClients(new SimpleMeterRegistry()));
        opened.add(engine);
        return engine;
    }

    private static List<GeneratedImage> generate(GenerationEngine engine, Requested requested) {
        return engine.generate(
                requested.request(), new GenerationRun("a job", 1, (phase, step, steps) -> {}, new Cancellation()));
    }

    private static Failure failure(GenerationEngine engine) {
        return catchThrowableOfType(GenerationFailed.class, () -> generate(engine, CAT))
                .failure();
    }
}
