package io.atelier.generator.engine.diffusion.pipeline.denoiser;

import io.atelier.generator.engine.diffusion.pipeline.latents.LatentShape;
import io.atelier.generator.engine.onnx.OnnxModel;

/**
 * The U-Net of Stable Diffusion, SDXL and latent consistency models.
 *
 * <p>Inputs: {@code sample [B, C, h, w]}, {@code timestep} (0 to 1000), {@code encoder_hidden_states [B, S, D]}; SDXL also
 * {@code text_embeds [B, P]} and {@code time_ids [B, 6]}; latent consistency models also {@code timestep_cond [B, E]}. Output:
 * {@code out_sample [B, C, h, w]}.
 */
final class UnetDenoiser implements LatentDenoiser {

    private static final String GUIDANCE_EMBEDDING = "timestep_cond";

    private final OnnxModel unet;
    private final int embeddingWidth;

    /**
     * Creates the denoiser.
     *
     * @param embeddingWidth length of the guidance embedding, {@code time_cond_proj_dim}; of no effect if the network does not take it
     */
    UnetDenoiser(OnnxModel unet, int embeddingWidth) {
        this.unet = unet;
        this.embeddingWidth = embeddingWidth;
    }

    @Override
    public boolean usesNegativePrompt(double guidance) {
        return guidance > 1 && !unet.inputs().containsKey(GUIDANCE_EMBEDDING);
    }

    @Override
    public NoisePredictor start(Conditioning conditioning, LatentShape shape, int images) {
        var rows = new ConditioningRows(conditioning, images);
        return NoisePredictor.start(unet, NetworkSignature.UNET, LatentLayout.planes(shape), rows, binding -> {
            rows.feedStates(binding, "encoder_hidden_states");
            rows.feedPooled(binding, "text_embeds");
            rows.feedToEach(binding, "time_ids", conditioning.size().timeIds());
            rows.feedToEach(
                    binding, GUIDANCE_EMBEDDING, GuidanceEmbedding.of(conditioning.guidance() - 1, embeddingWidth));
        });
    }
}
