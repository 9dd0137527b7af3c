package io.atelier.generator.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.ImageOptions;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.SourceImage;
import io.atelier.generator.engine.SourceImages;
import io.atelier.generator.engine.openai.dialect.Dialect;
import io.atelier.generator.provider.ProviderStub;
import io.atelier.generator.provider.SampleImages;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The parameters of OpenAI's own models, against a server that refuses what OpenAI refuses. */
class OpenAiOptionTests {

    private static final ImageSize SQUARE = new ImageSize(1024, 1024);
    private static final ImageOptions ALL = new ImageOptions("high", "transparent", "low", "high", null);

    private final ProviderStub provider = new ProviderStub();

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void newImagesGetAllOptionsButTheOneOfEdits() {
        provider.always(new ImageServer(Dialect.OPENAI));

        generate(request("gpt-image-1.5", ALL));

        assertThat(sent())
                .containsEntry("quality", "high")
                .containsEntry("background", "transparent")
                .containsEntry("moderation", "low")
                .containsEntry("output_format", "png")
                .doesNotContainKey("input_fidelity");
    }

    @Test
    void editsGetAllOptions() {
        provider.always(new ImageServer(Dialect.OPENAI));

        edit(request("gpt-image-1.5", ALL));

        assertThat(sent())
                .containsEntry("quality", "high")
                .containsEntry("background", "transparent")
                .containsEntry("moderation", "low")
                .containsEntry("input_fidelity", "high");
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-image-2, high",
        "gpt-image-2.5-flare, xhigh",
        "gpt-image-2.5-sunburst, max",
        "gpt-image-2.6-flare, xhigh",
        "gpt-image-2.6-sunburst, max"
    })
    void everyModelGetsItsBestQualityAtAnyOfItsSizes(String model, String quality) {
        provider.always(new ImageServer(Dialect.OPENAI));

        var images = generate(request(model, new ImageOptions(quality, null, null, null, null)).toBuilder()
                .size(new ImageSize(1440, 480))
                .build());

        assertThat(images.get(0).pixels().width()).isEqualTo(1440);
        assertThat(images.get(0).metadata()).doesNotContainKey(GeneratedImage.WARNING);
        assertThat(sent()).containsEntry("quality", quality).containsEntry("size", "1440x480");
    }

    @Test
    void requestPrevailsOverTheSettingsOfTheServer() {
        provider.always(new ImageServer(Dialect.OPENAI));

        OpenAiFixtures.engine(
                        provider,
                        "quality",
                        "low",
                        "background",
                        "opaque",
                        "output-format",
                        "jpeg",
                        "moderation",
                        "auto")
                .generate(request("gpt-image-2", ALL), OpenAiFixtures.run());

        assertThat(sent())
                .as("JPEG has no transparency")
                .containsEntry("output_format", "png")
                .containsEntry("quality", "high")
                .containsEntry("background", "transparent")
                .containsEntry("moderation", "low");
    }

    @Test
    @DisplayName("A server may have a name of its own for the model, such as a deployment at Azure")
    void modelIsKnownByItsNameInTheCatalogue() {
        provider.always(new ImageServer(Dialect.OPENAI));

        generate(request("production-images", ALL).toBuilder()
                .model("gpt-image-2")
                .build());

        assertThat(sent())
                .containsEntry("model", "production-images")
                .containsEntry("quality", "high")
                .doesNotContainKey("response_format");
    }

    @Test
    void anotherAtelierGetsTheOptions() {
        provider.always(new ImageServer(Dialect.ATELIER));

        OpenAiFixtures.engine(provider, "dialect", "atelier").generate(request("a-model", ALL), OpenAiFixtures.run());

        assertThat(sent()).containsEntry("quality", "high").containsEntry("background", "transparent");
    }

    @Test
    void serverWithoutOptionsGetsNoneAndTheImageCarriesAWarning() {
        provider.always(new ImageServer(Dialect.OVMS));

        var images = OpenAiFixtures.engineAt(provider.url("/v3"), "dialect", "ovms")
                .generate(request("a-model", ALL), OpenAiFixtures.run());

        assertThat(sent()).doesNotContainKeys("quality", "background", "moderation");
        assertThat(images.get(0).metadata().get(GeneratedImage.WARNING)).contains("quality", "was ignored");
    }

    @Test
    @DisplayName("E-15: the stub answers 404 for a model that was shut down, which is not asked again")
    void modelThatWasShutDownIsARejectedRequest() {
        provider.always(new ImageServer(Dialect.OPENAI));

        var failed =
                catchThrowableOfType(GenerationFailed.class, () -> generate(request("gpt-image-1", ImageOptions.NONE)));

        assertThat(failed.failure().code()).isEqualTo(Code.REQUEST_REJECTED);
        assertThat(failed.failure().message()).contains("deprecated");
        assertThat(provider.calls()).hasSize(1);
    }

    private static GenerationRequest request(String model, ImageOptions options) {
        return OpenAiFixtures.request("a harbour", 1, SQUARE, model).toBuilder()
                .options(options)
                .build();
    }

    private List<GeneratedImage> generate(GenerationRequest request) {
        return OpenAiFixtures.engine(provider).generate(request, OpenAiFixtures.run());
    }

    private void edit(GenerationRequest request) {
        var source = new SourceImage(SampleImages.png(32, 24), "image/png");
        assertThat(OpenAiFixtures.engine(provider).edit(request, SourceImages.of(source), OpenAiFixtures.run()))
                .hasSize(1);
    }

    private Map<String, String> sent() {
        return ImageServer.Form.of(provider.calls().get(0)).fields();
    }
}
