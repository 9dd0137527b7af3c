package io.atelier.generator.engine.pocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.atelier.contract.image.ImageSize;
import io.atelier.generator.engine.onnx.OnnxRun;
import io.atelier.generator.engine.pocket.onnx.ModelFolder;
import io.atelier.generator.engine.pocket.text.TokenEmbeddings;
import io.atelier.worker.cancellation.Cancellation;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** After the text encoder everything is computed in 32-bit floats, so the golden numbers are valid for any processor. */
class DenoiserTests {

    private static final float TOLERANCE = 2e-2f;

    private static final ModelFolder FOLDER = new ModelFolder(DenoiserTests.class.getClassLoader(), "models/pocket");
    private static final Denoiser DENOISER = Denoiser.load(FOLDER, 2);
    private static final Upsampler UPSAMPLER = Upsampler.load(FOLDER, 2);

    @AfterAll
    static void free() {
        DENOISER.close();
        UPSAMPLER.close();
    }

    @ParameterizedTest
    @MethodSource("io.atelier.generator.engine.pocket.Golden#all")
    void everyStepAndTheImageEqualTheGoldenFiles(Golden golden) {
        var latents = PocketNoiseTests.standardNormal(golden.numbers().seed(), Denoiser.VALUES);
        var guidance = new ClassifierFreeGuidance(TokenEmbeddings.of(golden.states()), null, 2.5);

        try (var run = new OnnxRun(new Cancellation())) {
            DENOISER.denoise(latents, guidance, 25, run, (step, images) -> assertStep(golden, step, images));
            var image = UPSAMPLER.enlarge(latents, 0, run).render(new ImageSize(256, 256));

            assertThat(latents).containsExactly(golden.latents(), within(TOLERANCE));
            assertThat(Golden.psnr(image, golden.image())).isGreaterThan(40);
        }
    }

    @Test
    void theShorterOfTwoTextsHasTheSameEffectAsAlone() {
        var goldens = Golden.all().toList();
        var shorter = TokenEmbeddings.of(goldens.get(2).states());
        var longer = TokenEmbeddings.of(goldens.get(3).states());

        var alone = denoised(new ClassifierFreeGuidance(shorter, null, 1));
        var padded = denoised(new ClassifierFreeGuidance(longer, shorter, 0));

        assertThat(padded).containsExactly(alone, within(1e-3f));
    }

    @Test
    void oneStepIsPossible() {
        var steps = new ArrayList<Integer>();
        try (var run = new OnnxRun(new Cancellation())) {
            var latents = PocketNoiseTests.standardNormal(1, Denoiser.VALUES);
            var states =
                    TokenEmbeddings.of(Golden.all().findFirst().orElseThrow().states());

            DENOISER.denoise(
                    latents, new ClassifierFreeGuidance(states, null, 2.5), 1, run, (step, images) -> steps.add(step));
        }

        assertThat(steps).containsExactly(1);
    }

    private static float[] denoised(ClassifierFreeGuidance guidance) {
        var latents = PocketNoiseTests.standardNormal(5, Denoiser.VALUES);
        try (var run = new OnnxRun(new Cancellation())) {
            DENOISER.denoise(latents, guidance, 4, run, (step, images) -> {});
        }
        return latents;
    }

    private static void assertStep(Golden golden, int step, float[] latents) {
        double sum = 0;
        for (float latent : latents) {
            sum += latent;
        }
        assertThat(sum)
                .as("sum after step %d", step)
                .isCloseTo(golden.numbers().stepSum().get(step - 1), within(1.0));
        var first = golden.numbers().stepFirst().get(step - 1);
        for (int i = 0; i < first.size(); i++) {
            assertThat(latents[i]).as("value %d after step %d", i, step).isCloseTo(first.get(i), within(2e-3f));
        }
    }
}
