package io.atelier.generator.engine.openai;

import static io.atelier.generator.provider.ProviderStub.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.Capability;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.SourceImage;
import io.atelier.generator.engine.SourceImages;
import io.atelier.generator.engine.openai.dialect.Dialect;
import io.atelier.generator.provider.ProviderStub;
import io.atelier.generator.provider.SampleImages;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DialectTests {

    private static final JsonMapper JSON = new JsonMapper();

    private final ProviderStub provider = new ProviderStub();

    @AfterEach
    void close() {
        provider.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "ovms; {guidance_scale=2.5, model=m, n=1, negative_prompt=boats, num_inference_steps=7, prompt=a"
                        + " harbour, rng_seed=42, size=64x48}",
                "localai; {model=m, n=1, prompt=a harbour|boats, response_format=b64_json, seed=42, size=64x48,"
                        + " step=7}",
                "vllm-omni; {guidance_scale=2.5, model=m, n=1, negative_prompt=boats, num_inference_steps=7,"
                        + " prompt=a harbour, response_format=b64_json, seed=42, size=64x48}",
                "sglang; {guidance_scale=2.5, model=m, n=1, negative_prompt=boats, num_inference_steps=7,"
                        + " prompt=a harbour, response_format=b64_json, seed=42, size=64x48}",
                "ollama; {model=m, n=1, prompt=a harbour, response_format=b64_json, seed=42, size=64x48}",
                "atelier; {guidance_scale=2.5, model=m, n=1, negative_prompt=boats, prompt=a harbour,"
                        + " response_format=b64_json, seed=42, size=64x48, steps=7}",
                "openai; {model=m, n=1, prompt=a harbour, response_format=b64_json, size=64x48}"
            })
    void eachDialectHasItsOwnFields(String dialect, String fields) {
        assertThat(sent(dialect, harbour("a harbour", "boats")).toString()).isEqualTo(fields);
    }

    @Test
    void stableDiffusionCppGetsATagInThePrompt() {
        var sent = sent("sdcpp", harbour("a harbour", "boats"));

        assertThat(sent.keySet()).containsExactly("model", "n", "prompt", "size");
        assertThat(String.valueOf(sent.get("prompt"))).startsWith("a harbour <sd_cpp_extra_args>");
        assertThat(extra(sent)).isEqualTo(JSON.readTree("""
            {"seed":42,"negative_prompt":"boats",
             "sample_params":{"sample_steps":7,"guidance":{"txt_cfg":2.5}}}\
            """));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a <sd_cpp_extra_args>{\"seed\":1}</sd_cpp_extra_args> harbour",
                "a harbour <sd_cpp_extra_args>",
                "</sd_cpp_extra_args> a harbour",
                "<sd_cpp_<sd_cpp_extra_args>extra_args>{\"seed\":1}</sd_cpp_extra_args>"
            })
    void tagOfTheClientIsText(String prompt) {
        var sent = sent("sdcpp", harbour(prompt, "</sd_cpp_extra_args> boats"));

        assertThat(extra(sent).path("seed").asInt()).isEqualTo(42);
        assertThat(extra(sent).path("negative_prompt").asString()).isEqualTo("</sd_cpp_extra_args> boats");
        assertThat(String.valueOf(sent.get("prompt"))).containsOnlyOnce("<sd_cpp_extra_args>");
    }

    @Test
    void barOfTheClientIsNoNegativePrompt() {
        assertThat(sent("localai", harbour("a cat|dog", null))).containsEntry("prompt", "a cat/dog");
    }

    @ParameterizedTest
    @CsvSource({"OPENAI, 1", "SDCPP, 1", "OVMS, 3", "LOCALAI, 3", "VLLM_OMNI, 3", "SGLANG, 3", "OLLAMA, 3", "ATELIER, 3"
    })
    void severalImagesAreOneCallIfTheirSeedsAreKnown(Dialect dialect, int calls) {
        provider.always(new ImageServer(dialect));
        var url = provider.url(dialect == Dialect.OVMS ? "/v3" : "/v1");

        OpenAiFixtures.engineAt(url, "dialect", dialect.name())
                .generate(
                        OpenAiFixtures.request("a harbour", 3, new ImageSize(1024, 1024), OpenAiFixtures.MODEL),
                        OpenAiFixtures.run());

        assertThat(provider.calls()).hasSize(calls);
    }

    @ParameterizedTest
    @CsvSource({"openai, image[]", "ovms, image", "sdcpp, image[]", "vllm-omni, image", "sglang, image[]"})
    void sourceImagesAreInThePartThatTheServerKnows(String dialect, String part) {
        provider.always(json(200, image()));

        OpenAiFixtures.engine(provider, "dialect", dialect)
                .edit(harbour("a harbour", null), SourceImages.of(source()), OpenAiFixtures.run());

        assertThat(ImageServer.Form.of(provider.calls().get(0)).files()).containsExactly(part);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localai", "ollama", "atelier"})
    void dialectsWithoutEditsAreNotCalled(String dialect) {
        var engine = OpenAiFixtures.engine(provider, "dialect", dialect);

        var thrown = catchThrowableOfType(
                GenerationFailed.class,
                () -> engine.edit(harbour("a harbour", null), SourceImages.of(source()), OpenAiFixtures.run()));

        assertThat(engine.capabilities()).doesNotContain(Capability.EDIT);
        assertThat(thrown.failure().code()).isEqualTo(Code.REQUEST_REJECTED);
        assertThat(provider.calls()).isEmpty();
    }

    @Test
    void openVinoEditsOneSourceImagePerRequest() {
        var thrown = catchThrowableOfType(
                GenerationFailed.class,
                () -> OpenAiFixtures.engine(provider, "dialect", "ovms")
                        .edit(harbour("a harbour", null), SourceImages.of(source(), source()), OpenAiFixtures.run()));

        assertThat(thrown.failure().code()).isEqualTo(Code.REQUEST_REJECTED);
        assertThat(thrown.failure().message())
                .contains("at most 1 source image")
                .contains("but got 2");
        assertThat(provider.calls()).isEmpty();
    }

    @Test
    void settingsForGptImageAreNotSentToOtherServers() {
        provider.always(json(200, image()));

        OpenAiFixtures.engine(
                        provider, "dialect", "ovms", "quality", "high", "moderation", "low", "partial-images", "2")
                .generate(harbour("a harbour", null), OpenAiFixtures.run());

        assertThat(provider.calls().get(0).text())
                .doesNotContain("quality")
                .doesNotContain("moderation")
                .doesNotContain("partial_images")
                .doesNotContain("stream");
    }

    private Map<String, Object> sent(String dialect, GenerationRequest request) {
        provider.always(json(200, image()));
        OpenAiFixtures.engine(provider, "dialect", dialect).generate(request, OpenAiFixtures.run());
        return new TreeMap<>(
                JSON.readValue(provider.calls().get(0).text(), new TypeReference<Map<String, Object>>() {}));
    }

    private static JsonNode extra(Map<String, Object> sent) {
        var prompt = String.valueOf(sent.get("prompt"));
        // As the server parses it: from the first start tag to the next end tag.
        int start = prompt.indexOf("<sd_cpp_extra_args>") + "<sd_cpp_extra_args>".length();
        return JSON.readTree(prompt.substring(start, prompt.indexOf("</sd_cpp_extra_args>", start)));
    }

    private static GenerationRequest harbour(String prompt, @Nullable String negativePrompt) {
        return OpenAiFixtures.request(prompt, negativePrompt, 1, new ImageSize(64, 48), "m");
    }

    private static SourceImage source() {
        return new SourceImage(SampleImages.png(8, 8), "image/png");
    }

    private static String image() {
        return "{\"data\":[{\"b64_json\":\"%s\"}]}"
                .formatted(Base64.getEncoder().encodeToString(SampleImages.png(64, 48)));
    }
}
