package io.atelier.generator.engine.diffusion.pipeline.denoiser;

import io.atelier.generator.engine.diffusion.pipeline.latents.LatentShape;
import io.atelier.generator.engine.onnx.OnnxModel;

/**
 * The transformer of Stable Diffusion 3 and 3.5.
 *
 * <p>Inputs: {@code hidden_states [B, C, h, w]}, {@code timestep [B]} (0 to 1000), {@code encoder_hidden_states [B, S, D]},
 * {@code pooled_projections [B, P]}. Output: {@code out_hidden_states [B, C, h, w]}, the velocity.
 */
final class Sd3Denoiser implements LatentDenoiser {

    private final OnnxModel transformer;

    Sd3Denoiser(OnnxModel transformer) {
        this.transformer = transformer;
    }

    @Override
    public boolean usesNegativePrompt(double guidance) {
        return guidance > 1;
    }

    @Override
    public NoisePredictor start(Conditioning conditioning, LatentShape shape, int images) {
        var rows = new ConditioningRows(conditioning, images);
        return NoisePredictor.start(transformer, NetworkSignature.SD3, LatentLayout.planes(shape), rows, binding -> {
            rows.feedStates(binding, "encoder_hidden_states");
            rows.feedPooled(binding, "pooled_projections");
        });
    }
}
