package io.atelier.generator.engine.diffusion.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.atelier.contract.image.ImageSize;
import io.atelier.generator.engine.diffusion.noise.TorchGenerator;
import io.atelier.generator.engine.diffusion.pipeline.denoiser.Conditioning;
import io.atelier.generator.engine.diffusion.pipeline.denoiser.LatentDenoiser;
import io.atelier.generator.engine.diffusion.pipeline.denoiser.LatentDenoisers;
import io.atelier.generator.engine.diffusion.pipeline.denoiser.SizeConditioning;
import io.atelier.generator.engine.diffusion.pipeline.latents.LatentShape;
import io.atelier.generator.engine.diffusion.pipeline.pocket.ClassPathModel;
import io.atelier.generator.engine.diffusion.pipeline.text.PromptEmbeddings;
import io.atelier.generator.engine.diffusion.pipeline.vae.Upsampler;
import io.atelier.generator.engine.diffusion.scheduler.Scheduler;
import io.atelier.generator.engine.diffusion.scheduler.SchedulerConfig;
import io.atelier.generator.engine.onnx.OnnxModel;
import io.atelier.generator.engine.onnx.OnnxRun;
import io.atelier.generator.engine.onnx.TensorValues;
import io.atelier.worker.cancellation.Cancellation;
import java.util.List;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** After the text encoder everything is computed in 32-bit floats, so the golden numbers are valid for any processor. */
class PocketPipelineTests {

    private static final float TOLERANCE = 2e-2f;
    private static final int WIDTH = 384;
    private static final ImageSize SIZE = new ImageSize(256, 256);
    private static final LatentShape SHAPE = new LatentShape(3, 64, 64);

    private static final ClassPathModel FILES = PocketModel.onClassPath(1).files();
    private static final OnnxModel UNET = OnnxModel.load(FILES.weights("unet"), 2);
    private static final OnnxModel UPSAMPLER = OnnxModel.load(FILES.weights("upsampler"), 2);
    private static final LatentDenoiser DENOISER = LatentDenoisers.ofPocket(UNET);
    private static final PromptEmbeddings NO_TEXT = embeddings();

    @AfterAll
    static void free() {
        UNET.close();
        UPSAMPLER.close();
    }

    @ParameterizedTest
    @MethodSource("io.atelier.generator.engine.diffusion.pipeline.PocketGolden#all")
    void everyStepAndTheImageEqualTheGoldenFiles(PocketGolden golden) {
        var guidance = guidance(embeddings(golden.states()), NO_TEXT, 2.5);

        var latents =
                denoised(guidance, golden.numbers().seed(), 25, (images, step) -> assertStep(golden, step + 1, images));

        assertThat(latents).containsExactly(golden.latents(), within(TOLERANCE));
        try (var run = new OnnxRun(new Cancellation())) {
            var images = new Upsampler(UPSAMPLER, 4).decode(latents, SHAPE, SIZE, run, done -> {});
            assertThat(images)
                    .singleElement()
                    .satisfies(image ->
                            assertThat(PocketGolden.psnr(image, golden.image())).isGreaterThan(40));
        }
    }

    @DisplayName("The end of the shorter of two texts is masked, so that the text has the same effect as alone")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shorterTextHasTheSameEffectAsAlone(boolean isPrompt) {
        var goldens = PocketGolden.all().toList();
        var shorter = goldens.get(2).states();
        var longer = goldens.get(3).states();
        assertThat(shorter).hasSizeLessThan(longer.length);
        // A scale of 0 is the prediction of the negative prompt alone, one of almost 1 is that of the prompt.
        var both = isPrompt
                ? guidance(embeddings(shorter), embeddings(longer), 1 + 1e-6)
                : guidance(embeddings(longer), embeddings(shorter), 0);

        var alone = denoised(guidance(embeddings(shorter), null, 1), 5, 4, (images, step) -> {});

        assertThat(denoised(both, 5, 4, (images, step) -> {})).containsExactly(alone, within(1e-3f));
    }

    @Test
    void textsOfDifferentLengthsAreEachAsAlone() {
        var goldens = PocketGolden.all().toList();
        var two = embeddings(goldens.get(2).states(), goldens.get(3).states());
        var noise = new TorchGenerator(5);
        var latents = new float[2 * SHAPE.size()];
        noise.normal(latents, 0, SHAPE.size());
        System.arraycopy(latents, 0, latents, SHAPE.size(), SHAPE.size());

        var together = denoised(guidance(two, null, 1), latents, 4, (images, step) -> {});

        for (int i = 0; i < 2; i++) {
            var states = embeddings(goldens.get(2 + i).states());
            var alone = denoised(guidance(states, null, 1), 5, 4, (images, step) -> {});
            for (int k = 0; k < alone.length; k += 97) {
                assertThat(together[i * SHAPE.size() + k]).isCloseTo(alone[k], within(1e-3f));
            }
        }
    }

    @DisplayName("The noise levels are 1, (n - 1) / n, ... 1 / n, 0, exactly")
    @Test
    void noiseLevelsAreEvenlySpaced() {
        for (int steps = 1; steps <= 100; steps++) {
            int all = steps;
            var schedule = schedule(steps);

            assertThat(schedule.evaluations()).isEqualTo(steps);
            assertThat(IntStream.rangeClosed(0, steps).mapToObj(schedule::sigma))
                    .containsExactlyElementsOf(IntStream.rangeClosed(0, steps)
                            .mapToObj(i -> (float) ((double) (all - i) / all))
                            .toList());
            assertThat(schedule.timestep(0)).isEqualTo(1_000);
        }
    }

    private static float[] denoised(Conditioning guidance, long seed, int steps, ObjIntConsumer<float[]> listener) {
        var latents = new float[SHAPE.size()];
        new TorchGenerator(seed).normal(latents, 0, latents.length);
        return denoised(guidance, latents, steps, listener);
    }

    private static float[] denoised(
            Conditioning guidance, float[] latents, int steps, ObjIntConsumer<float[]> listener) {
        try (var run = new OnnxRun(new Cancellation());
                var predictor = DENOISER.start(guidance, SHAPE, latents.length / SHAPE.size())) {
            new DenoisingLoop(schedule(steps), 0, predictor, into -> {})
                    .denoise(latents, run, step -> listener.accept(latents, step));
        }
        return latents;
    }

    private static Scheduler schedule(int steps) {
        return SchedulerConfig.parse(FILES.text("scheduler/scheduler_config.json"))
                .schedule(steps, DENOISER.imageTokens(SHAPE));
    }

    private static Conditioning guidance(PromptEmbeddings prompt, @Nullable PromptEmbeddings negative, double scale) {
        return new Conditioning(prompt, negative, scale, SizeConditioning.of(SIZE));
    }

    /** The embeddings of texts; of one without tokens if there are none. */
    private static PromptEmbeddings embeddings(float[]... states) {
        var texts = states.length == 0 ? List.of(new float[0]) : List.of(states);
        return PromptEmbeddings.ofTexts(
                texts.stream()
                        .map(values -> new TensorValues(List.of(1, values.length / WIDTH, WIDTH), values))
                        .toList(),
                List.of());
    }

    private static void assertStep(PocketGolden golden, int step, float[] latents) {
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
