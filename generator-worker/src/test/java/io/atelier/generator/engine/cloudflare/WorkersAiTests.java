package io.atelier.generator.engine.cloudflare;

import static io.atelier.generator.engine.cloudflare.CloudflareFixtures.failure;
import static io.atelier.generator.engine.cloudflare.CloudflareFixtures.generate;
import static io.atelier.generator.provider.ProviderStub.json;
import static io.atelier.generator.provider.ProviderStub.png;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.Requested;
import io.atelier.generator.provider.ProviderStub;
import io.atelier.generator.provider.SampleImages;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersAiTests {

    private static final String FLUX_1 = "@cf/black-forest-labs/flux-1-schnell";
    private static final String FLUX_2 = "@cf/black-forest-labs/flux-2-dev";
    private static final String SDXL = "@cf/stabilityai/stable-diffusion-xl-base-1.0";

    private final CloudflareFixtures cloudflare = new CloudflareFixtures();
    private final ProviderStub provider = cloudflare.provider;

    @AfterEach
    void close() {
        cloudflare.close();
    }

    @Test
    void flux1AnswersWithAnImageInJson() {
        var encoded = Base64.getEncoder().encodeToString(SampleImages.jpeg(64, 32));
        provider.then(json(200, "{\"result\":{\"image\":\"%s\"},\"success\":true,\"errors\":[]}".formatted(encoded)));

        var image = generate(cloudflare.workersAi(), request(FLUX_1)).get(0);

        assertThat(image.pixels().width()).isEqualTo(64);
        var call = provider.calls().get(0);
        assertThat(call.method()).isEqualTo("POST");
        assertThat(call.path()).isEqualTo("/client/v4/accounts/acc0/ai/run/" + FLUX_1);
        assertThat(call.header("Authorization")).isEqualTo("Bearer " + CloudflareFixtures.KEY);
        assertThat(call.text()).isEqualTo("{\"prompt\":\"a cat\",\"steps\":4,\"seed\":7}");
    }

    @Test
    void diffusionModelsAnswerWithTheImageItself() {
        provider.then(png(512, 512));

        generate(cloudflare.workersAi(), request(SDXL));

        assertThat(provider.calls().get(0).text())
                .isEqualTo(
                        "{\"prompt\":\"a"
                                + " cat\",\"negative_prompt\":\"dogs\",\"width\":512,\"height\":512,\"num_steps\":4,\"guidance\":7.5,\"seed\":7}");
    }

    @Test
    void flux2TakesAForm() {
        provider.then(png(512, 512));

        generate(cloudflare.workersAi(), request(FLUX_2));

        var call = provider.calls().get(0);
        assertThat(call.header("Content-Type")).startsWith("multipart/form-data; boundary=");
        assertThat(call.text())
                .contains("name=\"prompt\"", "a cat", "name=\"width\"", "name=\"height\"", "name=\"steps\"");
    }

    @Test
    void openParametersAreNotSent() {
        provider.then(png(512, 512));

        generate(cloudflare.workersAi(), Requested.of("a cat").from(SDXL).request());

        assertThat(provider.calls().get(0).text())
                .isEqualTo("{\"prompt\":\"a cat\",\"width\":512,\"height\":512,\"seed\":7}");
    }

    @ParameterizedTest
    @CsvSource({
        "400, 5007, REQUEST_REJECTED, Invalid request: reason, 1",
        "401, 10000, PROVIDER_AUTH, The Cloudflare API key is not accepted: reason, 1",
        "403, 5016, PROVIDER_AUTH, The Cloudflare API key is not accepted: reason, 1",
        "404, 3042, REQUEST_REJECTED, Image generation failed with status 404: reason, 1",
        "408, 3007, PROVIDER_TIMEOUT, Image generation request timed out: reason, 4",
        "429, 3036, RATE_LIMITED, Rate limit exceeded. Please try again later: reason, 1",
        "500, 1000, PROVIDER_ERROR, Service error: reason, 4",
        "200, 1000, INVALID_RESPONSE, Image generation failed: reason, 2"
    })
    void eachErrorResponseHasItsCodeAndMessage(int status, int number, Code code, String message, int calls) {
        provider.always(json(status, errors(number, "reason")));

        var failure = failure(cloudflare.workersAi(), request(FLUX_1));

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.message()).isEqualTo(message);
        assertThat(failure.providerStatus()).isEqualTo(status);
        assertThat(provider.calls()).hasSize(calls);
    }

    @Test
    void refusedPromptIsAModerationFailure() {
        provider.always(json(400, errors(3030, "AiError: Input prompt contains NSFW content.")));

        var failure = failure(cloudflare.workersAi(), request(FLUX_1));

        assertThat(failure.code()).isEqualTo(Code.MODERATION_BLOCKED);
        assertThat(failure.message()).startsWith("Content policy violation: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"result\":{\"image\":\"no base64!\"}}", "{\"result\":{}}", "[]", "reason", ""})
    void responseWithoutAnImageIsInvalid(String body) {
        provider.always(json(200, body));

        var failure = failure(cloudflare.workersAi(), request(FLUX_1));

        assertThat(failure.code()).isEqualTo(Code.INVALID_RESPONSE);
        assertThat(failure.message()).startsWith("Invalid response from image generation service");
    }

    @ParameterizedTest
    @ValueSource(strings = {"flux", "https://elsewhere.example/model", "@cf/../../tokens", "@cf//x", "@cf/a/b?c=d"})
    void malformedModelNameIsNotRequested(String model) {
        var failure = failure(cloudflare.workersAi(), request(model));

        assertThat(failure.code()).isEqualTo(Code.REQUEST_REJECTED);
        assertThat(failure.message()).contains("@cf/black-forest-labs/flux-1-schnell");
        assertThat(provider.calls()).isEmpty();
    }

    @Test
    void withoutATokenNoRequestIsSent() {
        var failure = failure(cloudflare.workersAi("token", "YOUR_API_TOKEN"), request(FLUX_1));

        assertThat(failure.code()).isEqualTo(Code.NOT_CONFIGURED);
        assertThat(failure.message()).contains("API key not configured").contains("CLOUDFLARE_API_TOKEN");
        assertThat(provider.calls()).isEmpty();
    }

    private static GenerationRequest request(String model) {
        return Requested.of("a cat").from(model).detailed("dogs", 4, 7.5).request();
    }

    private static String errors(int number, String reason) {
        return "{\"result\":null,\"success\":false,\"errors\":[{\"code\":%d,\"message\":\"%s\"}]}"
                .formatted(number, reason);
    }
}
