package io.atelier.generator.engine.diffusion.pipeline.model;

/**
 * What a model is used with if a request does not say otherwise.
 *
 * @param width in pixels
 * @param height in pixels
 * @param steps of the denoiser
 * @param guidance scale of the guidance; 0 for none
 * @param maxSequenceLength tokens that T5 reads; 0 where there is no T5
 */
public record SamplingDefaults(int width, int height, int steps, double guidance, int maxSequenceLength) {

    private static final int T5_TOKENS = 256;
    private static final int T5_TOKENS_OF_FLUX_DEV = 512;

    /** Those of the model's authors, as far as the configs show which model it is. */
    static SamplingDefaults of(DiffusersFolder folder, ModelGeometry geometry) {
        var denoiser = folder.config(folder.family().denoiser());
        // Models that were distilled to few steps, such as SDXL Turbo and Lightning, are the ones that use trailing
        // timesteps.
        boolean isDistilled =
                folder.schedulerConfig().text("timestep_spacing").orElse("").equals("trailing");
        boolean embedsGuidance = denoiser.flag("guidance_embeds", false);
        return switch (folder.family()) {
            case STABLE_DIFFUSION -> square(denoiser, geometry, 64, isDistilled ? 1 : 50, isDistilled ? 0 : 7.5, 0);
            case STABLE_DIFFUSION_XL -> square(denoiser, geometry, 128, isDistilled ? 4 : 50, isDistilled ? 0 : 5, 0);
            case LATENT_CONSISTENCY -> square(denoiser, geometry, 64, 4, 8.5, 0);
            case STABLE_DIFFUSION_3 -> square(denoiser, geometry, 128, 28, 7, T5_TOKENS);
            case FLUX ->
                embedsGuidance
                        ? square(denoiser, geometry, 128, 28, 3.5, T5_TOKENS_OF_FLUX_DEV)
                        : square(denoiser, geometry, 128, 4, 0, T5_TOKENS);
            case POCKET -> throw folder.unsupported();
        };
    }

    private static SamplingDefaults square(
            ComponentConfig denoiser, ModelGeometry geometry, int latentSide, int steps, double guidance, int tokens) {
        int side = Math.min(denoiser.integer("sample_size", latentSide) * geometry.vaeScale(), geometry.maxSide());
        return new SamplingDefaults(side, side, steps, guidance, tokens);
    }
}
