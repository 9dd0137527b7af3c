package io.atelier.generator.engine.diffusion.pipeline.latents;

import io.atelier.generator.engine.diffusion.pipeline.model.DiffusersFolder;
import io.atelier.generator.engine.diffusion.pipeline.model.UnusableModel;
import java.util.List;

/**
 * Converts between the latents of the VAE and those of the denoiser: {@code (x - shift) * factor}, and with statistics of each channel
 * {@code (x - mean) * factor / deviation}. Immutable.
 */
public final class LatentScaling {

    private final float factor;
    private final float shift;
    private final List<Float> means;
    private final List<Float> deviations;

    private LatentScaling(float factor, float shift, List<Float> means, List<Float> deviations) {
        this.factor = factor;
        this.shift = shift;
        this.means = means;
        this.deviations = deviations;
    }

    /** Reads the config of the VAE; older exports have none, so that the constants of the family are used. */
    public static LatentScaling of(DiffusersFolder folder) {
        var config = folder.config("vae_decoder");
        var means = config.numbers("latents_mean");
        var deviations = config.numbers("latents_std");
        if (means.size() != deviations.size()) {
            throw UnusableModel.because(
                    "\"latents_mean\" and \"latents_std\" in %s have different lengths. Export or download the model again."
                            .formatted(config.file()));
        }
        double factor = config.number("scaling_factor", usualFactor(folder));
        if (!(Math.abs((float) factor) > 0) || Double.isInfinite(factor)) {
            throw UnusableModel.because(
                    "\"scaling_factor\" in %s must be a number other than 0; found %s. Export or download the model again."
                            .formatted(config.file(), factor));
        }
        double shift = config.number("shift_factor", config.has("scaling_factor") ? 0 : usualShift(folder));
        return new LatentScaling((float) factor, (float) shift, means, deviations);
    }

    /**
     * Writes latents of one image as the decoder expects them.
     *
     * @param latents {@code [n, C, h, w]} of the denoiser
     * @param image index of the image
     * @param into {@code [C, h, w]}
     */
    public void toVae(float[] latents, int image, LatentShape shape, float[] into) {
        int from = image * shape.size();
        for (int i = 0; i < into.length; i++) {
            float value = latents[from + i];
            int channel = i / shape.plane();
            into[i] = means.isEmpty()
                    ? value / factor + shift
                    : value * deviations.get(channel) / factor + means.get(channel);
        }
    }

    /** Converts latents of the encoder {@code [C, h, w]} in place to those of the denoiser. */
    public void fromVae(float[] latents, LatentShape shape) {
        for (int i = 0; i < latents.length; i++) {
            int channel = i / shape.plane();
            latents[i] = means.isEmpty()
                    ? (latents[i] - shift) * factor
                    : (latents[i] - means.get(channel)) * factor / deviations.get(channel);
        }
    }

    private static double usualFactor(DiffusersFolder folder) {
        return switch (folder.family()) {
            case STABLE_DIFFUSION, LATENT_CONSISTENCY -> 0.18215;
            case STABLE_DIFFUSION_XL -> 0.13025;
            case STABLE_DIFFUSION_3 -> 1.5305;
            case FLUX -> 0.3611;
            case POCKET -> throw folder.unsupported();
        };
    }

    private static double usualShift(DiffusersFolder folder) {
        return switch (folder.family()) {
            case STABLE_DIFFUSION, LATENT_CONSISTENCY, STABLE_DIFFUSION_XL -> 0;
            case STABLE_DIFFUSION_3 -> 0.0609;
            case FLUX -> 0.1159;
            case POCKET -> throw folder.unsupported();
        };
    }
}
