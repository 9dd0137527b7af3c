package io.atelier.generator.engine.cloudflare;

import static io.atelier.generator.engine.cloudflare.Workers.failure;
import static io.atelier.generator.provider.ProviderStub.answer;
import static io.atelier.generator.provider.ProviderStub.json;
import static io.atelier.generator.provider.ProviderStub.status;
import static io.atelier.generator.provider.ProviderStub.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.EngineStatus.Condition;
import io.atelier.generator.provider.ProviderStub;
import io.atelier.generator.provider.SampleImages;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerResponseTests {

    private static final String NO_IMAGE = "Invalid response from image generation service";
    private static final String SERVICE_ERROR = "Image generation service error. Please try again later.";
    private static final String LIMITED = "Rate limit exceeded. Please try again later.";

    private final Workers workers = new Workers();
    private final ProviderStub provider = workers.provider;

    @AfterEach
    void close() {
        workers.close();
    }

    /** The answer; then for Flux and for SDXL its code and message; how often it is asked. */
    static Stream<Arguments> outcomes() {
        var details = "{\"error\":\"out of memory\",\"details\":\"GPU 0\"}";
        var refused = Code.REQUEST_REJECTED;
        var broken = Code.PROVIDER_ERROR;
        return Stream.of(
                row(
                        "B-08",
                        status(400),
                        1,
                        refused,
                        "Invalid prompt or request format.",
                        "Invalid prompt or request format"),
                row(
                        "B-08",
                        json(400, details),
                        1,
                        refused,
                        "Invalid prompt or request format.",
                        "Invalid request: out of memory"),
                row("B-10", status(429), 1, Code.RATE_LIMITED, LIMITED, LIMITED),
                row("B-11", status(500), 4, broken, SERVICE_ERROR, SERVICE_ERROR),
                row("B-11", json(503, details), 4, broken, SERVICE_ERROR, "Service error: out of memory - GPU 0"),
                row("B-11", json(520, "{\"error\":\"x\"}"), 4, broken, SERVICE_ERROR, "Service error: x"),
                row(
                        "B-12",
                        status(404),
                        1,
                        refused,
                        "Image generation failed with status 404",
                        "Image generation failed with status 404"),
                row("B-14", text("text/html"), 2, Code.INVALID_RESPONSE, NO_IMAGE, NO_IMAGE),
                row(
                        "B-14",
                        json(200, "{\"error\":\"nsfw\"}"),
                        2,
                        Code.INVALID_RESPONSE,
                        "Image generation failed: nsfw",
                        "Image generation failed: nsfw"),
                row("B-14", json(200, "{}"), 2, Code.INVALID_RESPONSE, NO_IMAGE, NO_IMAGE),
                row("B-14", status(200), 2, Code.INVALID_RESPONSE, NO_IMAGE, NO_IMAGE),
                row(
                        "B-14",
                        text("image/png"),
                        2,
                        Code.INVALID_RESPONSE,
                        NO_IMAGE + ": it is no PNG, JPEG or WebP.",
                        NO_IMAGE + ": it is no PNG, JPEG or WebP."),
                row(
                        "B-14",
                        answer(200, "image/png", new byte[0]),
                        2,
                        Code.INVALID_RESPONSE,
                        NO_IMAGE + ": it is empty.",
                        NO_IMAGE + ": it is empty."),
                row(
                        "B-14",
                        cut(),
                        2,
                        Code.INVALID_RESPONSE,
                        NO_IMAGE + ": it cannot be decoded.",
                        NO_IMAGE + ": it cannot be decoded."));
    }

    @ParameterizedTest(name = "{0}: {1} is {3} after {2} calls")
    @MethodSource("outcomes")
    @DisplayName("B-08, B-10, B-11, B-12, B-14, B-35: what the workers answer is told in the words of old")
    void answersAreToldInTheWordsOfOld(
            String row, MockResponse answer, int calls, Code code, String flux, String sdxl) {
        provider.always(answer);

        var ofFlux = failure(workers.flux());
        int fluxCalls = provider.calls().size();
        var ofSdxl = failure(workers.sdxl());

        assertThat(row).startsWith("B-");
        assertThat(ofFlux.code()).isEqualTo(code);
        assertThat(ofFlux.message()).isEqualTo(flux);
        assertThat(ofFlux.providerStatus()).isEqualTo(answer.getCode());
        assertThat(fluxCalls).isEqualTo(calls);
        assertThat(ofSdxl.code()).isEqualTo(code);
        assertThat(ofSdxl.message()).isEqualTo(sdxl);
        assertThat(provider.calls()).hasSize(2 * calls);
    }

    @Test
    @DisplayName("B-09, B-35: SDXL tells that its key is refused, and that the method is")
    void sdxlTellsThatItsKeyIsRefused() {
        provider.then(status(401), status(405));
        var sdxl = workers.sdxl();

        var unauthorized = failure(sdxl);
        var notAllowed = failure(sdxl);

        assertThat(unauthorized.code()).isEqualTo(Code.PROVIDER_AUTH);
        assertThat(unauthorized.message()).isEqualTo("SDXL API key invalid or missing");
        assertThat(notAllowed.code()).isEqualTo(Code.METHOD_NOT_ALLOWED);
        assertThat(notAllowed.message()).isEqualTo("Invalid request method");
        assertThat(provider.calls()).hasSize(2);
    }

    @Test
    @DisplayName("B-09: Flux has no words of its own for these")
    void fluxTellsTheStatus() {
        provider.then(status(401), status(405));
        var flux = workers.flux();

        assertThat(failure(flux).message()).startsWith("Image generation failed with status 401");
        assertThat(failure(flux).message()).isEqualTo("Image generation failed with status 405");
    }

    @Test
    @DisplayName("B-10: a limited worker is not asked again, and says when to come back")
    void limitedWorkerSaysWhenToComeBack() {
        provider.always(with(with(status(429), "Retry-After", "7"), "CF-Ray", "8f00-FRA"));

        var failure = failure(workers.flux());

        assertThat(failure.code()).isEqualTo(Code.RATE_LIMITED);
        assertThat(failure.retryAfterSeconds()).isEqualTo(7);
        assertThat(failure.providerRequestId()).isEqualTo("8f00-FRA");
        assertThat(failure.code().isTransient()).isFalse();
        assertThat(provider.calls()).hasSize(1);
    }

    @Test
    @DisplayName("B-07: without a key SDXL is asked nothing, and says which setting is missing")
    void withoutAKeyNothingIsAsked() {
        var sdxl = workers.sdxl("key", "");

        var failure = failure(sdxl);

        assertThat(sdxl.status().condition()).isEqualTo(Condition.NOT_CONFIGURED);
        assertThat(failure.code()).isEqualTo(Code.NOT_CONFIGURED);
        assertThat(failure.message()).contains("SDXL API key not configured").contains("SDXL_API_KEY");
        assertThat(failure.code().isTransient()).isFalse();
        assertThat(provider.calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 405, 408, 418, 429, 500, 503, 524, 200, 204, 304})
    @DisplayName(
            "B-25, B-30: whatever a worker answers, there is a code and a sentence, with the words that old clients look for")
    void everyAnswerHasACodeAndASentence(int status) {
        provider.always(status(status));

        for (var engine : List.of(workers.flux(), workers.sdxl())) {
            var failure = failure(engine);

            assertThat(failure.message()).isNotBlank().hasSizeLessThan(300);
            assertThat(failure.providerStatus()).isEqualTo(status);
            if (failure.code() == Code.PROVIDER_AUTH) {
                assertThat(failure.message()).containsIgnoringCase("api key");
            }
            if (failure.code() == Code.RATE_LIMITED) {
                assertThat(failure.message()).containsIgnoringCase("rate limit");
            }
        }
    }

    @Test
    @DisplayName("B-25: what a worker says is one bounded line, and keys in it are not repeated")
    void wordsOfWorkersAreBounded() {
        var words = "bad\\nkey: Bearer abcdef0123456789 " + "x".repeat(5000);
        provider.always(json(400, "{\"error\":\"" + words + "\"}"));

        var message = failure(workers.sdxl()).message();

        assertThat(message)
                .hasSizeLessThan(300)
                .doesNotContain("abcdef0123456789")
                .doesNotContain("\n");
    }

    private static Arguments row(String row, MockResponse answer, int calls, Code code, String flux, String sdxl) {
        return Arguments.of(row, answer, calls, code, flux, sdxl);
    }

    private static MockResponse text(String type) {
        return answer(200, type, "<html>no picture</html>".getBytes(StandardCharsets.UTF_8));
    }

    private static MockResponse cut() {
        var png = SampleImages.png(64, 64);
        return answer(200, "image/png", Arrays.copyOf(png, 40));
    }
}
