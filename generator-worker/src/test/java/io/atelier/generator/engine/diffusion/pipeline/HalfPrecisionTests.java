package io.atelier.generator.engine.diffusion.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxJavaType;
import io.atelier.generator.engine.diffusion.pipeline.latents.LatentShape;
import io.atelier.worker.cancellation.Cancellation;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A U-Net with float16 weights, inputs and outputs, among components with float32. */
class HalfPrecisionTests {

    /** Rounding errors of half precision after all steps; latents are up to about 6. */
    private static final float LATENTS = 0.1f;

    @TempDir
    Path temporary;

    @ParameterizedTest
    @ValueSource(strings = {"euler_5", "turbo_euler_a_1step"})
    void theImageIsNearToThatOfFullPrecision(String name) {
        var golden = GoldenCase.named("sdxl", name);
        var half = new Run(golden, TinyPipelines.copyWithVariant("sdxl", "fp16", temporary));

        var expected = golden.json().path("final_latents").path("data");
        var expectedOfHalf =
                golden.json().path("fp16_unet").path("final_latents").path("first");
        for (int i = 0; i < expected.size(); i++) {
            assertThat(half.latents[i]).isCloseTo(expected.get(i).floatValue(), within(LATENTS));
        }
        for (int i = 0; i < expectedOfHalf.size(); i++) {
            assertThat(half.latents[i]).isCloseTo(expectedOfHalf.get(i).floatValue(), within(LATENTS / 5));
        }
        assertThat(psnr(half.image, golden.pictures().get(0))).isGreaterThan(45);
    }

    @Test
    void theDescriptionNamesTheNumberTypeOfEachComponent() {
        var golden = GoldenCase.named("sdxl", "euler_5");
        var half = new Run(golden, TinyPipelines.copyWithVariant("sdxl", "fp16", temporary));

        assertThat(half.unetSample).isEqualTo(OnnxJavaType.FLOAT16);
        assertThat(half.dtypeOfUnet).isEqualTo("float16");
        assertThat(half.dtypeOfVae).isEqualTo("float32");
    }

    private static double psnr(BufferedImage found, BufferedImage golden) {
        double squares = 0;
        for (int y = 0; y < golden.getHeight(); y++) {
            for (int x = 0; x < golden.getWidth(); x++) {
                for (int shift = 0; shift < 24; shift += 8) {
                    double difference = (found.getRGB(x, y) >> shift & 255) - (golden.getRGB(x, y) >> shift & 255);
                    squares += difference * difference;
                }
            }
        }
        return Comparison.psnr(squares, 3.0 * golden.getWidth() * golden.getHeight());
    }

    private static final class Run {

        private final BufferedImage image;
        private final OnnxJavaType unetSample;
        private final String dtypeOfUnet;
        private final String dtypeOfVae;
        private float[] latents = {};

        Run(GoldenCase golden, Path folder) {
            var sessions = new ObservedSessions();
            try (var pipeline = DiffusionPipeline.load(folder, sessions)) {
                var result = pipeline.generate(golden.request().build(), new Cancellation(), new DiffusionListener() {
                    @Override
                    public void denoised(int step, int steps, float[] unfinished, LatentShape shape) {
                        latents = unfinished.clone();
                    }
                });
                image = result.images().get(0);
                unetSample = Objects.requireNonNull(sessions.network("unet").inputs().get("sample")).element();
                dtypeOfUnet = dtype(pipeline, "unet");
                dtypeOfVae = dtype(pipeline, "vae_decoder");
            }
        }

        private static String dtype(DiffusionPipeline pipeline, String component) {
            return pipeline.description().components().stream()
                    .filter(one -> one.name().equals(component))
                    .findFirst()
                    .orElseThrow()
                    .dtype();
        }
    }
}
