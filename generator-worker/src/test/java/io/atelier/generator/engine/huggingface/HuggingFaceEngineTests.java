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
    @DisplayName("A-05, A-06: without seeds it is asked exactly as old clients did")
    void withoutSeedsItIsAskedAsOldClientsDid() {
        provider.always(png(512, 512));
        var engine = engine("send-seed", "false");

        draw(engine, CAT);

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
    void everythingThatAClientTellsIsSent() {
        provider.always(png(512, 512));

        draw(engine(), CAT.detailed("dogs", 4, 3.5).images(2));

        assertThat(provider.calls()).extracting(ProviderStub.Call::text).containsExactly(detailed(7), detailed(8));
    }

    private static String detailed(int seed) {
        return ("{\"inputs\":\"A cat\",\"parameters\":{\"width\":512,\"height\":512,\"num_inference_steps\":4,"
                        + "\"guidance_scale\":3.5,\"negative_prompt\":\"dogs\",\"seed\":%d}}")
                .formatted(seed);
    }

    @Test
    @DisplayName("A-07: without a token the engine is there, asks nothing, and says which setting is missing")
    void withoutATokenNothingIsAsked() {
        var engine = engine("token", "");

        var failure = failure(engine);

        assertThat(engine.status().condition()).isEqualTo(Condition.NOT_CONFIGURED);
        assertThat(engine.status().detail()).isEqualTo(failure.message());
        assertThat(failure.code()).isEqualTo(Code.NOT_CONFIGURED);
        assertThat(failure.message()).contains("API key not configured").contains("HF_TOKEN");
        assertThat(provider.calls()).isEmpty();
    }

    @Test
    @DisplayName("A-08: JPEG and WebP are pictures, too")
    void jpegAndWebpAreImages() {
        var webp = Base64.getDecoder().decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==");
        provider.then(answer(200, "image/jpeg", SampleImages.jpeg(512, 512)), answer(200, "image/webp", webp));
        var engine = engine();

        assertThat(draw(engine, CAT).get(0).notes()).isEmpty();
        var odd = draw(engine, CAT).get(0);
        assertThat(odd.pixels().getWidth()).isEqualTo(1);
        assertThat(odd.notes()).containsKey(GeneratedImage.WARNING);
    }

    @Test
    void modelThatIsBeingLoadedIsWaitedFor() {
        provider.then(json(503, "{\"error\":\"Model is currently loading\",\"estimated_time\":0.4}"), png(512, 512));

        draw(engine(), CAT);

        assertThat(millisBetweenCalls()).isGreaterThanOrEqualTo(990);
    }

    @Test
    void modelsThatAreBeingLoadedDoNotMakeTheEngineLeftAlone() {
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
    @DisplayName("A-22: a limit is kept to: it is asked again when it said, and not before")
    void limitIsKeptTo() {
        provider.then(with(status(429), "Retry-After", "1"), png(512, 512));

        draw(engine("remote.retry.rate-limits", "true"), CAT);

        assertThat(millisBetweenCalls()).isGreaterThanOrEqualTo(990);
    }

    @Test
    @DisplayName("A-22: a limit for longer than anybody waits is told with its time")
    void longLimitIsToldWithItsTime() {
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
                "400 | {\"error\":\"words\"} | REQUEST_REJECTED | Invalid request: words | 1",
                "422 | {\"error\":[\"words\",\"more\"]} | REQUEST_REJECTED | Invalid request: words | 1",
                "401 | {\"error\":\"words\"} | PROVIDER_AUTH | API key (HF_TOKEN) invalid | 1",
                "402 | {\"error\":{\"message\":\"words\"}} | PROVIDER_AUTH | has to pay first: words | 1",
                "404 | Not Found | REQUEST_REJECTED | Image generation failed with status 404 | 1",
                "500 | {\"error\":\"words\"} | PROVIDER_ERROR | Service error: words | 4",
                "503 | unavailable | PROVIDER_ERROR | Image generation service error. Please try again later. | 4",
                "200 | {\"error\":\"words\"} | INVALID_RESPONSE | Image generation failed: words | 2",
                "200 | {} | INVALID_RESPONSE | Invalid response from image generation service | 2"
            })
    void errorsAreToldInTheWordsThatAllShare(int status, String body, Code code, String message, int calls) {
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
    @DisplayName("A model is never an address: nobody chooses which server gets the token")
    void modelIsNeverAnAddress(String model) {
        var engine = engine();

        var failure = catchThrowableOfType(GenerationFailed.class, () -> draw(engine, CAT.from(model)))
                .failure();

        assertThat(failure.code()).isEqualTo(Code.REQUEST_REJECTED);
        assertThat(failure.message()).contains("never by addresses");
        assertThat(provider.calls()).isEmpty();
    }

    @Test
    void secretsAreNotTold() {
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

    private static List<GeneratedImage> draw(GenerationEngine engine, Requested wanted) {
        return engine.generate(
                wanted.request(), new GenerationRun("a job", 1, (phase, step, steps) -> {}, new Cancellation()));
    }

    private static Failure failure(GenerationEngine engine) {
        return catchThrowableOfType(GenerationFailed.class, () -> draw(engine, CAT))
                .failure();
    }
}
