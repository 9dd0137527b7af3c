package io.atelier.generator.engine.diffusion.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.atelier.contract.image.ImageSize;
import io.atelier.generator.engine.EditMask;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.diffusion.noise.TorchGenerator;
import io.atelier.generator.engine.diffusion.pipeline.latents.LatentShape;
import io.atelier.generator.engine.diffusion.pipeline.model.DiffusersFolder;
import io.atelier.generator.engine.diffusion.scheduler.SchedulerConfig;
import io.atelier.generator.engine.diffusion.scheduler.SchedulerKind;
import io.atelier.generator.engine.onnx.GraphBinding;
import io.atelier.generator.engine.onnx.OnnxRun;
import io.atelier.generator.engine.onnx.SessionFactory;
import io.atelier.generator.engine.onnx.TensorValues;
import io.atelier.image.png.PngImage;
import io.atelier.worker.cancellation.Cancellation;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageToImageTests {

    private static final ImageSize SIZE = new ImageSize(64, 64);
    private static final int LATENT_SIDE = 8;
    private static final long SEED = 42;

    @TempDir
    private Path folder;

    /** The golden input of the encoder is made of random numbers, so it shows that means and variances are told apart, too. */
    @ParameterizedTest
    @ValueSource(strings = {"sd15", "sdxl", "sd3"})
    void theEncoderOfTheVaeGivesTheParametersOfDiffusers(String name) {
        var golden = GoldenCase.vaeEncoder(name);
        var input = new float[3 * SIZE.width() * SIZE.height()];
        new TorchGenerator(golden.path("seed").longValue()).normal(input, 0, input.length);
        for (int i = 0; i < input.length; i++) {
            input[i] = Math.min(1, Math.max(-1, 0.5f * input[i]));
        }
        var comparison = new Comparison();
        comparison.tensor("input", new TensorValues(List.of(1, 3, 64, 64), input), golden.path("input"), 1e-5);

        var file = DiffusersFolder.open(TinyPipelines.folder(name)).weights("vae_encoder");
        try (var network = SessionFactory.cpu(1).load(file);
                var binding = new GraphBinding(network);
                var run = new OnnxRun(new Cancellation())) {
            binding.required("sample", 1, 3, 64, 64).put(0, input);
            var outputs = binding.compute(run, Set.of("latent_parameters"));
            var parameters = Objects.requireNonNull(outputs.get("latent_parameters"));
            comparison.tensor("parameters", parameters, golden.path("latent_parameters"), 1e-3);
        }

        assertThat(comparison.failures()).isEmpty();
    }

    /**
     * With flow matching at strength 1 nothing of the image is left. The second draw of the stream is then the noise of the image, which is also that
     * of the second image of a batch from the same stream.
     */
    @Test
    void atStrengthOneFlowMatchingEqualsTextToImageWithTheSameNoise() {
        var text = new Run("sd3", request(3).sharedNoise(2));
        var image = new Run("sd3", request(3).sharedNoise(1).initialImage(new InitialImage(picture(), 1, null)));

        var second = new float[image.latents.length];
        System.arraycopy(text.latents, second.length, second, 0, second.length);
        assertThat(image.steps).containsExactly(1, 2, 3);
        assertThat(image.latents).containsExactly(second, within(1e-5f));
    }

    /**
     * Of 10 steps at strength 0.35 Euler's method (sdxl) makes 3, because the share is rounded down; PNDM (sd15) makes one more; flow matching (sd3)
     * rounds up.
     */
    @ParameterizedTest
    @CsvSource({"sd15, 4", "sdxl, 3", "sd3, 4"})
    void onlyAShareOfTheStepsIsMade(String name, int expected) {
        var image = new Run(name, request(10).initialImage(new InitialImage(picture(), 0.35, null)));

        assertThat(image.steps).hasSize(expected).last().isEqualTo(expected);
        assertThat(image.ofSteps).isEqualTo(expected);
    }

    @Test
    void aWeakerChangeStaysNearerToTheImage() {
        var original = sampledLatents("sdxl", request(10));

        var weak = new Run("sdxl", request(10).initialImage(new InitialImage(picture(), 0.2, null)));
        var strong = new Run("sdxl", request(10).initialImage(new InitialImage(picture(), 0.9, null)));

        assertThat(distance(weak.latents, original)).isLessThan(0.5 * distance(strong.latents, original));
    }

    @ParameterizedTest
    @CsvSource({"sd15, 1.0", "sdxl, 0.7", "sd3, 0.7", "sd3, 1.0"})
    void inpaintingKeepsTheLatentsThatAreNotMasked(String name, double strength) {
        var kept = sampledLatents(name, request(5));
        var inpainted = new Run(name, request(5).initialImage(new InitialImage(picture(), strength, leftHalf())));

        int changed = 0;
        for (int i = 0; i < kept.length; i++) {
            if (i % LATENT_SIDE >= LATENT_SIDE / 2) {
                assertThat(inpainted.latents[i]).isCloseTo(kept[i], within(1e-5f));
            } else if (Math.abs(inpainted.latents[i] - kept[i]) > 0.01f) {
                changed++;
            }
        }
        assertThat(changed).isGreaterThan(kept.length / 4);
    }

    /** With all masked and all steps made, inpainting starts from pure noise with every scheduler. */
    @Test
    void inpaintingEverythingEqualsTextToImageWithTheSameNoise() {
        var text = new Run("sd15", request(4).sharedNoise(2));
        var mask = mask(64);
        var image = new Run("sd15", request(4).sharedNoise(1).initialImage(new InitialImage(picture(), 1, mask)));

        var second = new float[image.latents.length];
        System.arraycopy(text.latents, second.length, second, 0, second.length);
        assertThat(image.latents).containsExactly(second, within(1e-5f));
    }

    /**
     * Latent consistency models make all steps, evenly spaced among the last of the 50 timesteps that they were distilled from: at strength 0.5 those
     * of 499, 479 ... 19. The expected ones are those that diffusers' LCMScheduler has for these steps and strengths.
     */
    @ParameterizedTest
    @CsvSource({"4, 0.5, '499 379 259 139'", "3, 0.3, '299 199 99'", "1, 0.02, '19'", "4, 1.0, '999 759 499 259'"})
    void latentConsistencyModelsMakeAllStepsOfAChange(int steps, double strength, String timesteps) {
        var image = new Run(lcm(), request(steps).initialImage(new InitialImage(picture(), strength, null)));

        assertThat(image.timesteps())
                .containsExactlyElementsOf(
                        Stream.of(timesteps.split(" ")).map(Float::valueOf).toList());
        assertThat(image.steps).hasSize(steps).last().isEqualTo(steps);
        assertThat(image.ofSteps).isEqualTo(steps);
    }

    /** The first draw is that of the encoder, the second the noise of the first timestep. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void latentConsistencyModelsStartFromTheNoisyImage(boolean isMasked) {
        var initial = new InitialImage(picture(), 0.5, isMasked ? leftHalf() : null);
        var run = new Run(lcm(), request(4).initialImage(initial));

        var expected = sampledLatents(run, 0.18215f, 0);
        var draws = new TorchGenerator(SEED);
        var noise = new float[expected.length];
        draws.normal(noise, 0, noise.length);
        draws.normal(noise, 0, noise.length);
        // alphas_cumprod[499] of the betas from 0.00085 to 0.012, scaled_linear.
        double signal = 1;
        for (int i = 0; i < 500; i++) {
            double root = Math.sqrt(0.00085) + i / 999.0 * (Math.sqrt(0.012) - Math.sqrt(0.00085));
            signal *= 1 - root * root;
        }
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (float) (Math.sqrt(signal) * expected[i] + Math.sqrt(1 - signal) * noise[i]);
        }
        assertThat(run.firstSample()).containsExactly(expected, within(1e-4f));
    }

    @Test
    void aWeakChangeOfALatentConsistencyModelHasFewSteps() {
        var request = request(4).initialImage(new InitialImage(picture(), 0.05, null));

        assertThatExceptionOfType(GenerationFailed.class)
                .isThrownBy(() -> new Run(lcm(), request))
                .withMessageContaining("With a strength of 0.05 the scheduler lcm makes at most 2 steps, but 4");
    }

    /** Another scheduler makes a share of the steps, and at least one. */
    @ParameterizedTest
    @CsvSource({"10, 0.35, 3", "2, 0.1, 1"})
    void latentConsistencyModelWithAnotherSchedulerMakesAShareOfTheSteps(int steps, double strength, int expected) {
        var euler = SchedulerConfig.read(lcm().resolve("scheduler/scheduler_config.json"))
                .withKind(SchedulerKind.EULER);
        var initial = new InitialImage(picture(), strength, null);

        var image = new Run(lcm(), request(steps).scheduler(euler).initialImage(initial));

        assertThat(image.steps).hasSize(expected);
    }

    /** The export of the fixture has no encoder; that of sd15 is made for the same latents. */
    private Path lcm() {
        var copy = folder.resolve("lcm");
        return Files.exists(copy) ? copy : copyOfLcm();
    }

    private Path copyOfLcm() {
        var copy = TinyPipelines.copy("lcm", folder);
        try {
            Files.createDirectories(copy.resolve("vae_encoder"));
            for (var file : List.of("config.json", "model.onnx")) {
                var from = TinyPipelines.folder("sd15").resolve("vae_encoder").resolve(file);
                Files.copy(from, copy.resolve("vae_encoder").resolve(file));
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DiffusionRequest.Builder request(int steps) {
        return DiffusionRequest.of("a tiny red fox", SEED)
                .size(SIZE.width(), SIZE.height())
                .steps(steps)
                .guidance(1.0);
    }

    /** Computed from what the encoder gave, with the first draw of the seed: mean + deviation * noise, then scaled. */
    private static float[] sampledLatents(String name, DiffusionRequest.Builder request) {
        var run = new Run(name, request.initialImage(new InitialImage(picture(), 0.5, null)));
        float factor = name.equals("sd15") ? 0.18215f : name.equals("sdxl") ? 0.13025f : 1.5305f;
        return sampledLatents(run, factor, name.equals("sd3") ? 0.0609f : 0);
    }

    private static float[] sampledLatents(Run run, float factor, float shift) {
        var parameters = run.encoderOutput();
        var latents = new float[parameters.length / 2];
        new TorchGenerator(SEED).normal(latents, 0, latents.length);
        for (int i = 0; i < latents.length; i++) {
            double deviation = Math.exp(0.5 * parameters[latents.length + i]);
            latents[i] = (float) ((parameters[i] + deviation * latents[i] - shift) * factor);
        }
        return latents;
    }

    private static BufferedImage picture() {
        var picture = new BufferedImage(SIZE.width(), SIZE.height(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < SIZE.height(); y++) {
            for (int x = 0; x < SIZE.width(); x++) {
                picture.setRGB(x, y, new Color(4 * x, 4 * y, x < 32 ? 200 : 40).getRGB());
            }
        }
        return picture;
    }

    private static EditMask leftHalf() {
        return mask(SIZE.width() / 2);
    }

    private static EditMask mask(int width) {
        var mask = new BufferedImage(SIZE.width(), SIZE.height(), BufferedImage.TYPE_INT_RGB);
        var graphics = mask.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, width, SIZE.height());
        graphics.dispose();
        return EditMask.of(PngImage.of(mask));
    }

    private static double distance(float[] one, float[] other) {
        double squares = 0;
        for (int i = 0; i < one.length; i++) {
            squares += (one[i] - other[i]) * (one[i] - other[i]);
        }
        return Math.sqrt(squares);
    }

    private static final class Run {

        private final List<Integer> steps = new ArrayList<>();
        private final Map<String, ObservedNetwork> networks;
        private float[] latents = {};
        private int ofSteps;

        Run(String name, DiffusionRequest.Builder request) {
            this(TinyPipelines.folder(name), request);
        }

        Run(Path model, DiffusionRequest.Builder request) {
            var sessions = new ObservedSessions();
            try (var pipeline = DiffusionPipeline.load(model, sessions)) {
                pipeline.generate(request.build(), new Cancellation(), new DiffusionListener() {
                    @Override
                    public void denoised(int step, int all, float[] unfinished, LatentShape shape) {
                        steps.add(step);
                        ofSteps = all;
                        latents = unfinished.clone();
                    }
                });
            }
            networks = sessions.networks();
        }

        float[] encoderOutput() {
            var evaluation = evaluations("vae_encoder").get(0);
            return Objects.requireNonNull(evaluation.outputs().get("latent_parameters"))
                    .values();
        }

        List<Float> timesteps() {
            return evaluations("unet").stream()
                    .map(evaluation -> Objects.requireNonNull(
                                    evaluation.inputs().get("timestep"))
                            .values()[0])
                    .toList();
        }

        /** The latents of the first step. */
        float[] firstSample() {
            var evaluation = evaluations("unet").get(0);
            return Objects.requireNonNull(evaluation.inputs().get("sample")).values();
        }

        private List<ObservedNetwork.Evaluation> evaluations(String network) {
            return Objects.requireNonNull(networks.get(network)).evaluations();
        }
    }
}
