package io.atelier.generator.engine.diffusion.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession.RunOptions;
import io.atelier.generator.engine.diffusion.noise.TorchGenerator;
import io.atelier.generator.engine.diffusion.pipeline.latents.LatentScaling;
import io.atelier.generator.engine.diffusion.pipeline.latents.LatentShape;
import io.atelier.generator.engine.diffusion.pipeline.model.DiffusersFolder;
import io.atelier.generator.engine.diffusion.pipeline.model.VaeTiling;
import io.atelier.generator.engine.diffusion.pipeline.vae.VaeDecoder;
import io.atelier.generator.engine.diffusion.pipeline.vae.VaeEncoder;
import io.atelier.generator.engine.onnx.OnnxModel;
import io.atelier.generator.engine.onnx.OnnxRun;
import io.atelier.generator.engine.onnx.SessionFactory;
import io.atelier.generator.engine.onnx.TensorType;
import io.atelier.generator.engine.onnx.TensorValues;
import io.atelier.worker.cancellation.Cancellation;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The VAE has random weights, so that its tiles differ from a whole image more than those of a trained one. */
class TiledVaeTests {

    private static final int SCALE = 8;
    private static final int TILE = 32;
    private static final VaeTiling WHOLE = new VaeTiling(Long.MAX_VALUE, TILE);
    private static final VaeTiling TILED = new VaeTiling(0, TILE);
    private static final LatentShape SHAPE = new LatentShape(4, TILE, 56);
    private static final double PSNR_DECIBEL = 30;
    private static final double LATENT_ERROR = 0.04;
    private static final DiffusersFolder FOLDER = DiffusersFolder.open(TinyPipelines.folder("sd15"));
    private static final ObservedNetwork DECODER = network("vae_decoder");
    private static final ObservedNetwork ENCODER = network("vae_encoder");

    @AfterAll
    static void free() {
        DECODER.close();
        ENCODER.close();
    }

    @Test
    void tiledImageIsCloseToTheWholeOne() {
        assertThat(psnr(decode(noise(), WHOLE), decode(noise(), TILED))).isGreaterThan(PSNR_DECIBEL);
    }

    /** One tile is dark and the next one bright. Side by side they would differ by 51 levels. */
    @Test
    void neighboursOfDifferentBrightnessHaveNoSeam() {
        var shape = new LatentShape(4, 56, 80);
        var decoder = new VaeDecoder(new Checkerboard(DECODER), LatentScaling.of(FOLDER), SCALE, TILED);

        var image = decoder.decode(new float[shape.size()], shape, run(), each -> {})
                .get(0);

        assertThat(largestStep(image)).isBetween(1, 2);
        assertThat(green(image, 0, 0)).isEqualTo(Math.round(255 * (0.5f - Checkerboard.LEVEL / 2)));
        assertThat(green(image, 40 * SCALE, 0)).isEqualTo(Math.round(255 * (0.5f + Checkerboard.LEVEL / 2)));
    }

    @Test
    void memoryOfTheNetworkIsThatOfATile() {
        DECODER.evaluations().clear();

        var images = decoder(TILED).decode(new float[2 * SHAPE.size()], SHAPE, run(), image -> {});

        assertThat(images).hasSize(2);
        assertThat(DECODER.evaluations())
                .hasSize(4)
                .allSatisfy(evaluation -> assertThat(evaluation.inputs().values())
                        .singleElement()
                        .satisfies(sample -> assertThat(sample.shape()).isEqualTo(List.of(1, 4, TILE, TILE))));
    }

    @Test
    void latentsOfATiledImageAreCloseToThoseOfTheWholeOne() {
        var image = decode(noise(), WHOLE);
        var whole = encode(image, WHOLE);
        var tiled = encode(image, TILED);

        double error = 0;
        double power = 0;
        for (int i = 0; i < whole.length; i++) {
            error += Math.pow(whole[i] - tiled[i], 2);
            power += Math.pow(whole[i], 2);
        }
        assertThat(error / power).isLessThan(LATENT_ERROR);
    }

    private static float[] noise() {
        var latents = new float[SHAPE.size()];
        new TorchGenerator(5).normal(latents, 0, latents.length);
        for (int i = 0; i < latents.length; i++) {
            latents[i] *= 0.18f;
        }
        return latents;
    }

    /** The largest difference between neighbours, in levels of 256. */
    private static int largestStep(BufferedImage image) {
        int largest = 0;
        for (int y = 1; y < image.getHeight(); y++) {
            for (int x = 1; x < image.getWidth(); x++) {
                int level = green(image, x, y);
                largest = Math.max(largest, Math.abs(level - green(image, x - 1, y)));
                largest = Math.max(largest, Math.abs(level - green(image, x, y - 1)));
            }
        }
        return largest;
    }

    private static double psnr(BufferedImage one, BufferedImage other) {
        double squares = 0;
        for (int y = 0; y < one.getHeight(); y++) {
            for (int x = 0; x < one.getWidth(); x++) {
                squares += Math.pow(green(one, x, y) - green(other, x, y), 2);
            }
        }
        return 10 * Math.log10(255.0 * 255 / (squares / (one.getWidth() * one.getHeight())));
    }

    private static int green(BufferedImage image, int x, int y) {
        return image.getRGB(x, y) >> 8 & 0xFF;
    }

    private static BufferedImage decode(float[] latents, VaeTiling tiling) {
        return decoder(tiling).decode(latents, SHAPE, run(), image -> {}).get(0);
    }

    private static float[] encode(BufferedImage image, VaeTiling tiling) {
        return new VaeEncoder(ENCODER, LatentScaling.of(FOLDER), SCALE, tiling)
                .encode(image, SHAPE, 1, noise -> Arrays.fill(noise, 0), run());
    }

    private static VaeDecoder decoder(VaeTiling tiling) {
        return new VaeDecoder(DECODER, LatentScaling.of(FOLDER), SCALE, tiling);
    }

    private static OnnxRun run() {
        return new OnnxRun(new Cancellation());
    }

    private static ObservedNetwork network(String component) {
        return new ObservedNetwork(SessionFactory.cpu(2).load(FOLDER.weights(component)));
    }

    /** A decoder whose results are gray, and with each evaluation in turn dark and bright. */
    private static final class Checkerboard implements OnnxModel {

        /** Beside gray, in values of -1 to 1. */
        static final float LEVEL = 0.2f;

        private final OnnxModel like;
        private float level = LEVEL;

        Checkerboard(OnnxModel like) {
            this.like = like;
        }

        @Override
        public Map<String, TensorType> inputs() {
            return like.inputs();
        }

        @Override
        public Map<String, TensorType> outputs() {
            return like.outputs();
        }

        @Override
        public void evaluate(Map<String, OnnxTensor> in, Map<String, OnnxTensor> out, RunOptions options) {
            level = -level;
            out.values().forEach(tensor -> {
                var memory = ObservedNetwork.memory(tensor).asFloatBuffer();
                for (int i = 0; i < memory.capacity(); i++) {
                    memory.put(i, level);
                }
            });
        }

        @Override
        public Map<String, TensorValues> compute(Map<String, OnnxTensor> in, Set<String> out, RunOptions options) {
            return Map.of();
        }

        @Override
        public void close() {}
    }
}
