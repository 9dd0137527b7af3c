package io.atelier.generator.engine.diffusion.pipeline.vae;

import io.atelier.generator.engine.diffusion.pipeline.latents.LatentScaling;
import io.atelier.generator.engine.diffusion.pipeline.latents.LatentShape;
import io.atelier.generator.engine.diffusion.pipeline.model.VaeTiling;
import io.atelier.generator.engine.diffusion.scheduler.NoiseSource;
import io.atelier.generator.engine.onnx.GraphBinding;
import io.atelier.generator.engine.onnx.OnnxModel;
import io.atelier.generator.engine.onnx.OnnxRun;
import java.awt.image.BufferedImage;
import java.util.Objects;
import java.util.Set;

/**
 * Encodes an image to latents: input {@code sample [1, 3, H, W]} from -1 to 1, output {@code latent_parameters [1, 2C, h, w]}, which are the means
 * of the latents and the logarithms of their variances; some older exports have {@code latent_sample [1, C, h, w]} instead. Large images are encoded
 * in tiles. Thread-safe.
 */
public final class VaeEncoder {

    private static final String PARAMETERS = "latent_parameters";
    private static final String SAMPLE = "latent_sample";
    private static final int CHANNELS = 3;
    private static final float MIN_LOG_VARIANCE = -30;
    private static final float MAX_LOG_VARIANCE = 20;

    private final OnnxModel network;
    private final LatentScaling scaling;
    private final int scale;
    private final VaeTiling tiling;

    /**
     * Creates the encoder.
     *
     * @param scale pixels for each latent in one direction
     */
    public VaeEncoder(OnnxModel network, LatentScaling scaling, int scale, VaeTiling tiling) {
        this.network = network;
        this.scaling = scaling;
        this.scale = scale;
        this.tiling = tiling;
    }

    /**
     * Encodes an image, and draws latents for each image of the run.
     *
     * @param images how many images the run makes of this one
     * @param noise drawn once
     * @return {@code [n, C, h, w]} for the denoiser
     */
    public float[] encode(BufferedImage image, LatentShape shape, int images, NoiseSource noise, OnnxRun run) {
        var parameters = evaluate(image, shape, run);
        var latents = new float[images * shape.size()];
        boolean isDistribution = parameters.length == 2 * shape.size();
        if (isDistribution) {
            noise.fill(latents);
        }
        var ofOne = new float[shape.size()];
        for (int start = 0; start < latents.length; start += ofOne.length) {
            for (int i = 0; i < ofOne.length; i++) {
                ofOne[i] = isDistribution
                        ? parameters[i] + deviation(parameters[ofOne.length + i]) * latents[start + i]
                        : parameters[i];
            }
            scaling.fromVae(ofOne, shape);
            System.arraycopy(ofOne, 0, latents, start, ofOne.length);
        }
        return latents;
    }

    private float[] evaluate(BufferedImage image, LatentShape shape, OnnxRun run) {
        var grid = TileGrid.of(tiling, shape, scale);
        var planes = PixelPlanes.of(image);
        int height = grid.rows().tile() * scale;
        int width = grid.columns().tile() * scale;
        var tile = new float[CHANNELS * height * width];
        var parameters = new float[0];
        try (var binding = new GraphBinding(network)) {
            var sample = binding.required("sample", 1, CHANNELS, height, width);
            for (int i = 0; i < grid.tiles(); i++) {
                grid.cut(i, planes, scale, tile);
                sample.put(0, tile);
                var encoded = compute(binding, run);
                if (i == 0) {
                    int channels = encoded.length
                            / (grid.rows().tile() * grid.columns().tile());
                    parameters = new float[channels * shape.plane()];
                }
                grid.blend(i, encoded, 1, parameters);
            }
        }
        return parameters;
    }

    private float[] compute(GraphBinding binding, OnnxRun run) {
        String output = network.outputs().containsKey(PARAMETERS) ? PARAMETERS : SAMPLE;
        var values = binding.compute(run, Set.of(output)).get(output);
        return Objects.requireNonNull(values).values();
    }

    private static float deviation(float logVariance) {
        float clamped = Math.min(MAX_LOG_VARIANCE, Math.max(MIN_LOG_VARIANCE, logVariance));
        return (float) Math.exp(0.5 * clamped);
    }
}
