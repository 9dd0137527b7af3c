package io.atelier.generator.engine.diffusion.pipeline.denoiser;

import io.atelier.generator.engine.diffusion.pipeline.latents.LatentShape;
import io.atelier.generator.engine.onnx.OnnxModel;

/**
 * The U-Net of the model {@code pocket}, whose latents are pixels. It was trained with flow matching, and takes texts of any length.
 *
 * <p>Inputs: {@code sample [B, 3, 64, 64]}, {@code timestep [B]} (0 to 1000), {@code encoder_hidden_states [B, S, 384]},
 * {@code encoder_attention_mask [B, S]}, which is 0 for all of a text that is missing. Output: {@code out_sample [B, 3, 64, 64]}, the velocity.
 */
final class PocketDenoiser implements LatentDenoiser {

    /** The U-Net reads 4 x 4 pixels as one token. */
    private static final int PATCH = 4;

    private final OnnxModel unet;

    PocketDenoiser(OnnxModel unet) {
        this.unet = unet;
    }

    /** Scales below 1 lead away from the prompt, so that they need the negative prompt, too. */
    @Override
    public boolean usesNegativePrompt(double guidance) {
        return guidance != 1;
    }

    @Override
    public int imageTokens(LatentShape shape) {
        return shape.plane() / (PATCH * PATCH);
    }

    @Override
    public NoisePredictor start(Conditioning conditioning, LatentShape shape, int images) {
        var rows = new ConditioningRows(conditioning, images);
        return NoisePredictor.start(
                unet,
                NetworkSignature.UNET,
                LatentLayout.planes(shape),
                rows,
                binding -> rows.feedMaskedStates(binding, "encoder_hidden_states", "encoder_attention_mask"));
    }
}
