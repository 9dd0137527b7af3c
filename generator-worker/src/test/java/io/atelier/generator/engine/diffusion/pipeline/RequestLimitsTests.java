package io.atelier.generator.engine.diffusion.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.atelier.contract.job.Failure;
import io.atelier.generator.engine.EditMask;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.diffusion.pipeline.model.DiffusersFolder;
import io.atelier.generator.engine.diffusion.pipeline.model.ModelDescription;
import io.atelier.image.png.PngImage;
import java.awt.image.BufferedImage;
import java.util.List;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestLimitsTests {

    @ParameterizedTest
    @ValueSource(strings = {"sd15", "sdxl", "lcm", "sd3", "flux", "flux-dev"})
    void sidesMustBeDivisible(String model) {
        assertThatRejected(model, request().size(72, 64))
                .contains("must be divisible by 16 for this model; got 72x64. The nearest size is 80x64.");
    }

    @ParameterizedTest
    @CsvSource({"sd3, 272, 64, 256", "sdxl, 64, 8, 4096", "flux, 4112, 64, 4096"})
    void sidesHaveLimits(String model, int width, int height, int largest) {
        assertThatRejected(model, request().size(width, height))
                .contains("images of 16 to %d pixels".formatted(largest))
                .contains("got %dx%d".formatted(width, height));
    }

    @Test
    void numbersHaveLimits() {
        assertThatRejected("sdxl", request().steps(0)).contains("takes 1 to 1000 steps; got 0");
        assertThatRejected("sdxl", request().guidance(-1.0)).contains("guidance scale of 0 to 100.0; got -1.0");
        assertThatRejected("sdxl", request().guidance(Double.NaN)).contains("got NaN");
        assertThatRejected("flux", request().maxSequenceLength(513))
                .contains("max_sequence_length of 1 to 512; got 513");
        assertThatRejected("sdxl", request().clipSkip(2)).contains("clip_skip of 0 to 1; got 2");
        assertThatRejected("sd15", request().clipSkip(1)).contains("clip_skip of 0 to 0; got 1");
    }

    @Test
    void thereIsOnePromptOrOneForEachImage() {
        assertThatRejected("sdxl", DiffusionRequest.of(List.of("a", "b"), List.of(1L, 2L, 3L)))
                .contains("one of the prompts, or one for each of 3 images; got 2");
        assertThatRejected("sdxl", request().negativePrompts(List.of("a", "b"))).contains("negative prompts");
        assertThatRejected("sdxl", DiffusionRequest.of(List.of("a"), List.of())).contains("each of 0 images");
    }

    @Test
    void anImageToStartFromMustFit() {
        assertThatRejected("lcm", request().initialImage(image(64, 0.5))).contains("has no vae_encoder");
        assertThatRejected("sdxl", request().initialImage(image(80, 0.5)))
                .contains("The image must have the size of the result, 64x64; it has 80x80.");
        assertThatRejected("sdxl", request().initialImage(image(64, 0))).contains("strength");
        assertThatRejected("sdxl", request().steps(4).initialImage(image(64, 0.2)))
                .contains("With a strength of 0.2 none of 4 steps is left. Use at least 5 steps.");
        var mask = EditMask.of(PngImage.of(new BufferedImage(80, 64, BufferedImage.TYPE_INT_RGB)));
        assertThatRejected(
                        "sdxl",
                        request().initialImage(new InitialImage(image(64, 1).image(), 1, mask)))
                .contains("The mask must have the size of the result, 64x64; it has 80x64.");
    }

    @Test
    void whatFitsIsAccepted() {
        assertThatCode(() -> limits("sd3")
                        .check(request()
                                .size(256, 16)
                                .steps(5)
                                .initialImage(null)
                                .clipSkip(0)
                                .build()))
                .doesNotThrowAnyException();
        assertThatCode(() -> limits("sdxl")
                        .check(request().steps(5).initialImage(image(64, 0.2)).build()))
                .doesNotThrowAnyException();
    }

    private static DiffusionRequest.Builder request() {
        return DiffusionRequest.of("a fox", 1).size(64, 64);
    }

    private static InitialImage image(int side, double strength) {
        return new InitialImage(new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB), strength, null);
    }

    private static AbstractStringAssert<?> assertThatRejected(String model, DiffusionRequest.Builder request) {
        var failed =
                catchThrowableOfType(GenerationFailed.class, () -> limits(model).check(request.build()));
        assertThat(failed).isNotNull();
        assertThat(failed.failure().code()).isEqualTo(Failure.Code.REQUEST_REJECTED);
        return assertThat(failed.failure().message());
    }

    /** The largest clip skip is found from the networks, of which SDXL's second has two layers. */
    private static RequestLimits limits(String model) {
        var description = ModelDescription.of(DiffusersFolder.open(TinyPipelines.folder(model)));
        return new RequestLimits(description, model.equals("sdxl") ? 1 : 0);
    }
}
