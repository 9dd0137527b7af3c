package io.atelier.generator.engine.cloudflare;

import static io.atelier.generator.engine.cloudflare.CloudflareFixtures.failure;
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
    private static final String RATE_LIMITED = "Rate limit exceeded. Please try again later.";

    private final CloudflareFixtures cloudflare = new CloudflareFixtures();
    private final ProviderStub provider = cloudflare.provider;

    @AfterEach
    void close() {
        cloudflare.close();
    }

    /** A name; the response; the number of calls; the code of the failure; its messages for Flux and for SDXL. */
    static Stream<Arguments> outcomes() {
        var details = "{\"error\":\"out of memory\",\"details\":\"GPU 0\"}";
        var rejected = Code.REQUEST_REJECTED;
        var error = Code.PROVIDER_ERROR;
        return Stream.of(
                row(
                        "400 without details",
                        status(400),
                        1,
                        rejected,
                        "Invalid prompt or request format.",
                        "Invalid prompt or request format"),
                row(
                        "400 with details",
                        json(400, details),
                        1,
                        rejected,
                        "Invalid prompt or request format.",
                        "Invalid request: out of memory"),
                row("429", status(429), 1, Code.RATE_LIMITED, RATE_LIMITED, RATE_LIMITED),
                row("500", status(500), 4, error, SERVICE_ERROR, SERVICE_ERROR),
                row(
                        "503 with details",
                        json(503, details),
                        4,
                        error,
                        SERVICE_ERROR,
                        "Service error: out of memory - GPU 0"),
                row("520", json(520, "{\"error\":\"x\"}"), 4, error, SERVICE_ERROR, "Service error: x"),
                row(
                        "404",
                        status(404),
                        1,
                        rejected,
                        "Image generation failed with status 404",
                        "Image generation failed with status 404"),
                row("200 with HTML", text("text/html"), 2, Code.INVALID_RESPONSE, NO_IMAGE, NO_IMAGE),
                row(
                        "200 with an error in JSON",
                        json(200, "{\"error\":\"nsfw\"}"),
                        2,
                        Code.INVALID_RESPONSE,
                        "Image generation failed: nsfw",
                        "Image generation failed: nsfw"),
                row("200 with empty JSON", json(200, "{}"), 2, Code.INVALID_RESPONSE, NO_IMAGE, NO_IMAGE),
                row("200 without body and type", status(200), 2, Code.INVALID_RESPONSE, NO_IMAGE, NO_IMAGE),
                row(
                        "200 with text called a PNG",
                        text("image/png"),
                        2,
                        Code.INVALID_RESPONSE,
                        NO_IMAGE + ": it is no PNG, JPEG, WebP or GIF.",
                        NO_IMAGE + ": it is no PNG, JPEG, WebP or GIF."),
                row(
                        "200 with an empty PNG",
                        answer(200, "image/png", new byte[0]),
                        2,
                        Code.INVALID_RESPONSE,
                        NO_IMAGE + ": it is empty.",
                        NO_IMAGE + ": it is empty."),
                row(
                        "200 with a truncated PNG",
                        truncatedPng(),
                        2,
                        Code.INVALID_RESPONSE,
                        NO_IMAGE + ": it ends early.",
                        NO_IMAGE + ": it ends early."));
    }

    @ParameterizedTest(name = "{0} is {3} after {2} calls")
    @MethodSource("outcomes")
    @DisplayName("Each answer of a Cloudflare worker becomes the documented code, message and number of calls")
    void eachResponseHasItsCodeMessageAndCalls(
            String name, MockResponse response, int calls, Code code, String flux, String sdxl) {
        provider.always(response);

        var fluxFailure = failure(cloudflare.flux());
        int fluxCalls = provider.calls().size();
        var sdxlFailure = failure(cloudflare.sdxl());

        assertThat(fluxFailure.code()).isEqualTo(code);
        assertThat(fluxFailure.message()).isEqualTo(flux);
        assertThat(fluxFailure.providerStatus()).isEqualTo(response.getCode());
        assertThat(fluxCalls).isEqualTo(calls);
        assertThat(sdxlFailure.code()).isEqualTo(code);
        assertThat(sdxlFailure.message()).isEqualTo(sdxl);
        assertThat(provider.calls()).hasSize(2 * calls);
    }

    @Test
    @DisplayName("For SDXL, 401 means a refused key and 405 a refused method")
    void sdxlReportsARefusedKeyAndMethod() {
        provider.then(status(401), status(405));
        var sdxl = cloudflare.sdxl();

        var unauthorized = failure(sdxl);
        var notAllowed = failure(sdxl);

        assertThat(unauthorized.code()).isEqualTo(Code.PROVIDER_AUTH);
        assertThat(unauthorized.message()).isEqualTo("SDXL API key invalid or missing");
        assertThat(notAllowed.code()).isEqualTo(Code.METHOD_NOT_ALLOWED);
        assertThat(notAllowed.message()).isEqualTo("Invalid request method");
        assertThat(provider.calls()).hasSize(2);
    }

    @Test
    @DisplayName("For Flux, 401 and 405 have no message of their own")
    void fluxReportsTheStatus() {
        provider.then(status(401), status(405));
        var flux = cloudflare.flux();

        assertThat(failure(flux).message()).startsWith("Image generation failed with status 401");
        assertThat(failure(flux).message()).isEqualTo("Image generation failed with status 405");
    }

    @Test
    @DisplayName("A 429 is not retried, and the failure carries Retry-After")
    void rateLimitIsNotRetriedAndCarriesRetryAfter() {
        provider.always(with(with(status(429), "Retry-After", "7"), "CF-Ray", "8f00-FRA"));

        var failure = failure(cloudflare.flux());

        assertThat(failure.code()).isEqualTo(Code.RATE_LIMITED);
        assertThat(failure.retryAfterSeconds()).isEqualTo(7);
        assertThat(failure.providerRequestId()).isEqualTo("8f00-FRA");
        assertThat(failure.code().isTransient()).isFalse();
        assertThat(provider.calls()).hasSize(1);
    }

    @Test
    @DisplayName("Without a key SDXL is not called, and the failure names the missing setting")
    void withoutAKeyNoRequestIsSent() {
        var sdxl = cloudflare.sdxl("key", "");

        var failure = failure(sdxl);

        assertThat(sdxl.status().condition()).isEqualTo(Condition.NOT_CONFIGURED);
        assertThat(failure.code()).isEqualTo(Code.NOT_CONFIGURED);
        assertThat(failure.message()).contains("SDXL API key not configured").contains("SDXL_API_KEY");
        assertThat(failure.code().isTransient()).isFalse();
        assertThat(provider.calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 405, 408, 418, 429, 500, 503, 524, 200, 204, 304})
    @DisplayName("Every answer of a worker has a code and a message with the words that existing clients search for")
    void everyResponseHasACodeAndAMessage(int status) {
        provider.always(status(status));

        for (var engine : List.of(cloudflare.flux(), cloudflare.sdxl())) {
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
    @DisplayName("The text of a worker is cut to one short line, and keys in it are removed")
    void errorTextOfWorkersIsOneShortLine() {
        var text = "bad\\nkey: Bearer abcdef0123456789 " + "x".repeat(5000);
        provider.always(json(400, "{\"error\":\"" + text + "\"}"));

        var message = failure(cloudflare.sdxl()).message();

        assertThat(message)
                .hasSizeLessThan(300)
                .doesNotContain("abcdef0123456789")
                .doesNotContain("\n");
    }

    private static Arguments row(String name, MockResponse response, int calls, Code code, String flux, String sdxl) {
        return Arguments.of(name, response, calls, code, flux, sdxl);
    }

    private static MockResponse text(String type) {
        return answer(200, type, "<html>no image</html>".getBytes(StandardCharsets.UTF_8));
    }

    private static MockResponse truncatedPng() {
        var png = SampleImages.png(64, 64);
        return answer(200, "image/png", Arrays.copyOf(png, 40));
    }
}
