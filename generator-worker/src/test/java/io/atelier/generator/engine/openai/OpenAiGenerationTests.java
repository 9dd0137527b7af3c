package io.atelier.generator.engine.openai;

import static io.atelier.generator.provider.ProviderStub.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.provider.ProviderStub;
import io.atelier.generator.provider.SampleImages;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class OpenAiGenerationTests {

    private static final JsonMapper JSON = new JsonMapper();

    private final ProviderStub provider = new ProviderStub();

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    @DisplayName("gpt-image-1.5 gets model, prompt, size and n, and nothing else")
    void gptImageGetsOnlyFieldsItKnows() {
        provider.always(images(1, 1024, 1024));

        generate(OpenAiFixtures.request("a \"quiet\"\nharbour \uD83D\uDEA2"));

        var call = provider.calls().get(0);
        assertThat(call.method()).isEqualTo("POST");
        assertThat(call.path()).isEqualTo("/v1/images/generations");
        assertThat(call.header("Authorization")).isEqualTo("Bearer sk-test-0123456789");
        assertThat(call.header("Content-Type")).isEqualTo("application/json");
        assertThat(fields(call))
                .isEqualTo(Map.of(
                        "model",
                        "gpt-image-1.5",
                        "prompt",
                        "a \"quiet\"\nharbour \uD83D\uDEA2",
                        "size",
                        "auto",
                        "n",
                        1));
    }

    @Test
    void settingsOfTheServerAreSentToGptImage() {
        provider.always(images(1, 1024, 1024));

        OpenAiFixtures.engine(
                        provider,
                        "quality",
                        "low",
                        "background",
                        "opaque",
                        "output-format",
                        "webp",
                        "moderation",
                        "low")
                .generate(OpenAiFixtures.request("a harbour"), OpenAiFixtures.run());

        assertThat(fields(provider.calls().get(0)))
                .containsEntry("quality", "low")
                .containsEntry("background", "opaque")
                .containsEntry("output_format", "webp")
                .containsEntry("moderation", "low")
                .hasSize(8);
    }

    @DisplayName(
            "If a server makes one image whatever was requested, the rest is requested again and what came is kept")
    @Test
    void theRestIsRequestedIfFewerImagesCome() {
        provider.then(images(1, 1024, 1024), images(2, 1024, 1024));

        var images = generate(OpenAiFixtures.request("a harbour", 3, new ImageSize(1024, 1024), OpenAiFixtures.MODEL));

        assertThat(images)
                .extracting(GeneratedImage::seed)
                .doesNotHaveDuplicates()
                .hasSize(3);
        assertThat(provider.calls()).extracting(call -> fields(call).get("n")).containsExactly(3, 2);
    }

    @DisplayName("Base64 may have line breaks, be a data URL or have the alphabet for URLs, beside an empty error")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"b64_json\":\"data:image/png;base64,%1$s\"}",
                "{\"b64_json\":\"%2$s\"}",
                "{\"b64_json\":\"%3$s\"}",
                "{\"url\":\"data:image/png;base64,%1$s\"}"
            })
    void base64IsReadInAnyForm(String entry) {
        var bytes = SampleImages.png(64, 64);
        var plain = Base64.getEncoder().encodeToString(bytes);
        var lines = plain.replaceAll(".{76}", "$0\\\\r\\\\n");
        var forUrls = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        provider.always(json(200, "{\"error\":\"\",\"data\":[%s]}".formatted(entry.formatted(plain, lines, forUrls))));

        var images = OpenAiFixtures.engine(provider, "dialect", "localai")
                .generate(OpenAiFixtures.request("a harbour"), OpenAiFixtures.run());

        assertThat(images.get(0).pixels().width()).isEqualTo(64);
    }

    @Test
    @DisplayName("The image is decoded from base64")
    void imageIsDecoded() {
        provider.always(images(1, 1024, 1024));

        var image = generate(OpenAiFixtures.request("a harbour")).get(0);

        assertThat(List.of(image.pixels().width(), image.pixels().height())).containsExactly(1024, 1024);
        assertThat(image.metadata())
                .containsEntry("engine-model", "gpt-image-1.5")
                .doesNotContainKey(GeneratedImage.WARNING);
    }

    @DisplayName("The size of the request is sent: which sizes a model has is for the catalogue to say")
    @ParameterizedTest
    @CsvSource({"1536, 1024, gpt-image-1.5", "1920, 1088, gpt-image-2", "480, 1440, gpt-image-2.6-flare"})
    void requestedSizeIsSentAsItIs(int width, int height, String model) {
        provider.always(images(1, width, height));

        var image = generate(OpenAiFixtures.request("a harbour", 1, new ImageSize(width, height), model))
                .get(0);

        assertThat(fields(provider.calls().get(0))).containsEntry("size", width + "x" + height);
        assertThat(image.metadata()).doesNotContainKey(GeneratedImage.WARNING);
    }

    @Test
    void imageOfAnotherSizeCarriesAWarning() {
        provider.always(images(1, 1536, 1024));

        var image = generate(OpenAiFixtures.request("a harbour", 1, new ImageSize(1600, 896), OpenAiFixtures.MODEL))
                .get(0);

        assertThat(image.metadata().get(GeneratedImage.WARNING))
                .contains("generated 1536 x 1024")
                .contains("instead of 1600 x 896");
    }

    @Test
    void ignoredNegativePromptCausesAWarning() {
        provider.always(images(1, 1024, 1024));

        var image = generate(OpenAiFixtures.request(
                        "a harbour", "boats", 1, new ImageSize(1024, 1024), OpenAiFixtures.MODEL))
                .get(0);

        assertThat(image.metadata().get(GeneratedImage.WARNING)).contains("does not support negative prompts");
        assertThat(provider.calls().get(0).text()).doesNotContain("boats");
    }

    @Test
    void manyImagesTakeAsFewCallsAsPossible() {
        provider.then(images(10, 8, 8), images(2, 8, 8));

        var images = generate(OpenAiFixtures.request("a harbour", 12, new ImageSize(1024, 1024), OpenAiFixtures.MODEL));

        assertThat(images)
                .hasSize(12)
                .extracting(GeneratedImage::seed)
                .startsWith(42L, 43L)
                .endsWith(53L);
        assertThat(provider.calls()).extracting(call -> fields(call).get("n")).containsExactly(10, 2);
    }

    @DisplayName(
            "A call asks for no more images than an answer may be long, because an answer that is refused is charged, too")
    @ParameterizedTest
    @CsvSource({"1024, 1024, 10", "1536, 1024, 8", "2048, 2048, 3", "3840, 2160, 1"})
    void largeImagesAreRequestedInSeveralCalls(int width, int height, int inOneCall) {
        provider.always(images(inOneCall, 8, 8));

        generate(OpenAiFixtures.request("a harbour", inOneCall + 1, new ImageSize(width, height), "gpt-image-2"));

        assertThat(provider.calls()).extracting(call -> fields(call).get("n")).containsExactly(inOneCall, 1);
    }

    @Test
    @DisplayName("An answer without images is an invalid response: missing data")
    void responseWithoutDataIsInvalid() {
        provider.always(json(200, "{\"data\":[]}"));

        var failure = failure(OpenAiFixtures.request("a harbour"));

        assertThat(failure.code()).isEqualTo(Code.INVALID_RESPONSE);
        assertThat(failure.message()).contains("Invalid response format").contains("missing data");
        assertThat(provider.calls()).as("retried once").hasSize(2);
    }

    @Test
    @DisplayName("An address instead of base64 from gpt-image is an invalid response: missing b64_json")
    void urlFromGptImageIsInvalid() {
        provider.always(json(200, "{\"data\":[{\"url\":\"https://images.example/1.png\"}]}"));

        var failure = failure(OpenAiFixtures.request("a harbour"));

        assertThat(failure.code()).isEqualTo(Code.INVALID_RESPONSE);
        assertThat(failure.message()).contains("missing b64_json");
    }

    @ParameterizedTest
    @CsvSource({"bm8gaW1hZ2U=, no PNG", "!!!!, is not base64"})
    void undecodableImageIsInvalid(String base64, String reason) {
        provider.always(json(200, "{\"data\":[{\"b64_json\":\"%s\"}]}".formatted(base64)));

        assertThat(failure(OpenAiFixtures.request("a harbour")).message())
                .startsWith("Invalid response")
                .contains(reason);
    }

    @Test
    void otherModelsGetTheRequestedSizeAndTheFormatBase64() {
        provider.always(images(1, 512, 256));

        generate(OpenAiFixtures.request("a harbour", 1, new ImageSize(512, 256), "a-model-of-a-gateway"));

        assertThat(fields(provider.calls().get(0)))
                .isEqualTo(Map.of(
                        "model",
                        "a-model-of-a-gateway",
                        "prompt",
                        "a harbour",
                        "size",
                        "512x256",
                        "n",
                        1,
                        "response_format",
                        "b64_json"));
    }

    @Test
    void otherModelsMayAnswerWithUrls() {
        provider.then(json(200, "{\"data\":[{\"url\":\"/images/1.png\"}]}"), ProviderStub.png(16, 16));

        var images = OpenAiFixtures.engine(provider, "remote.fetch-private", "true")
                .generate(
                        OpenAiFixtures.request("a harbour", 1, new ImageSize(16, 16), "another"), OpenAiFixtures.run());

        assertThat(images.get(0).pixels().width()).isEqualTo(16);
        assertThat(provider.calls().get(1).path()).isEqualTo("/images/1.png");
        assertThat(provider.calls().get(1).header("Authorization")).isEmpty();
    }

    @Test
    void urlsInPrivateNetworksAreNotFetched() {
        provider.always(json(200, "{\"data\":[{\"url\":\"%s\"}]}".formatted(provider.url("/images/1.png"))));

        var failure = failure(OpenAiFixtures.request("a harbour", 1, new ImageSize(16, 16), "another"));

        assertThat(failure.message()).contains("private network");
        assertThat(provider.calls()).extracting(ProviderStub.Call::path).containsOnly("/v1/images/generations");
    }

    @Test
    void modelOfTheServerIsUsedUnlessTheCatalogueNamesAnother() {
        provider.always(images(1, 8, 8));
        var engine = OpenAiFixtures.engine(provider, "model", "the-servers");
        var routed = OpenAiFixtures.request("a harbour");

        engine.generate(routed, OpenAiFixtures.run());
        engine.generate(unrouted(routed), OpenAiFixtures.run());

        assertThat(provider.calls())
                .extracting(call -> fields(call).get("model"))
                .containsExactly("gpt-image-1.5", "the-servers");
    }

    private static GenerationRequest unrouted(GenerationRequest request) {
        return GenerationRequest.builder()
                .prompt(request.prompt())
                .model(request.model())
                .requestedModel(request.requestedModel())
                .engine(request.engine())
                .pool(request.pool())
                .n(request.n())
                .size(request.size())
                .seed(request.seed())
                .metadata(request.metadata())
                .labels(request.labels())
                .terms(request.terms())
                .build();
    }

    private List<GeneratedImage> generate(GenerationRequest request) {
        return OpenAiFixtures.engine(provider).generate(request, OpenAiFixtures.run());
    }

    private Failure failure(GenerationRequest request) {
        return catchThrowableOfType(GenerationFailed.class, () -> generate(request))
                .failure();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> fields(ProviderStub.Call call) {
        return JSON.readValue(call.text(), Map.class);
    }

    private static MockResponse images(int n, int width, int height) {
        var base64 = Base64.getEncoder().encodeToString(SampleImages.png(width, height));
        var data = String.join(",", java.util.Collections.nCopies(n, "{\"b64_json\":\"%s\"}".formatted(base64)));
        return json(200, "{\"created\":1,\"data\":[%s]}".formatted(data));
    }
}
