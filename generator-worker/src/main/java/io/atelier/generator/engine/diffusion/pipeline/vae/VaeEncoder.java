package io.atelier.generator.engine.diffusion.pipeline.vae;

import io.atelier.generator.engine.diffusion.pipeline.latents.LatentScaling;
import io.atelier.generator.engine.diffusion.pipeline.latents.LatentShape;
import io.atelier.generator.engine.diffusion.scheduler.NoiseSource;
import io.atelier.generator.engine.onnx.GraphBinding;
import io.atelier.generator.engine.onnx.OnnxModel;
import io.atelier.generator.engine.onnx.OnnxRun;
import java.awt.image.BufferedImage;
import java.util.Objects;
import java.util.Set;

/**
 * Encodes an image to latents: input {@code sample [1, 3, H, W]} from -1 to 1, output {@code latent_parameters [1, 2C, h, w]}, which are the means
 * of the latents and the logarithms of their variances; some older exports have {@code latent_sample [1, C, h, w]} instead. Thread-safe.
 */
public final class VaeEncoder {

    private static final String PARAMETERS = "latent_parameters";
    private static final String SAMPLE = "latent_sample";
    private static final int CHANNELS = 3;
    private static final float MIN_LOG_VARIANCE = -30;
    private static final float MAX_LOG_VARIANCE = 20;

    private final OnnxModel network;
    private final LatentScaling scaling;

    public VaeEncoder(OnnxModel network, LatentScaling scaling) {
        this.network = network;
        this.scaling = scaling;
    }

    /**
     * Encodes an image, and draws latents for each image of the run.
     *
     * @param images how many images the run makes of this one
     * @param noise drawn once
     * @return {@code [n, C, h, w]} for the denoiser
     */
    public float[] encode(BufferedImage image, LatentShape shape, int images, NoiseSource noise, OnnxRun run) {
        var parameters = evaluate(image, run);
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

    private float[] evaluate(BufferedImage image, OnnxRun run) {
        String output = network.outputs().containsKey(PARAMETERS) ? PARAMETERS : SAMPLE;
        try (var binding = new GraphBinding(network)) {
            binding.required("sample", 1, CHANNELS, image.getHeight(), image.getWidth())
                    .put(0, PixelPlanes.of(image));
            var values = binding.compute(run, Set.of(output)).get(output);
            return Objects.requireNonNull(values).values();
        }
    }

    private static float deviation(float logVariance) {
        float clamped = Math.min(MAX_LOG_VARIANCE, Math.max(MIN_LOG_VARIANCE, logVariance));
        return (float) Math.exp(0.5 * clamped);
    }
}
