package io.atelier.generator.engine.diffusion.pipeline.denoiser;

import io.atelier.generator.engine.diffusion.pipeline.latents.LatentShape;
import io.atelier.generator.engine.onnx.GraphBinding;
import io.atelier.generator.engine.onnx.OnnxModel;

/**
 * The transformer of FLUX.1. It was distilled, so that guidance is an input (dev) or is not needed (schnell).
 *
 * <p>Inputs: {@code hidden_states [B, P, 4C]} with {@code P = (h / 2) * (w / 2)}, {@code timestep [B]} (0 to 1),
 * {@code encoder_hidden_states [B, S, D]}, {@code pooled_projections [B, E]}, {@code img_ids [P, 3]}, {@code txt_ids [S, 3]}, and for dev
 * {@code guidance [B]}. Output: {@code out_hidden_states [B, P, 4C]}, the velocity.
 */
final class FluxDenoiser implements LatentDenoiser {

    private static final int ID_LENGTH = 3;

    private final OnnxModel transformer;

    FluxDenoiser(OnnxModel transformer) {
        this.transformer = transformer;
    }

    @Override
    public boolean usesNegativePrompt(double guidance) {
        return false;
    }

    @Override
    public int imageTokens(LatentShape shape) {
        return PackedLayout.tokens(shape);
    }

    @Override
    public NoisePredictor start(Conditioning conditioning, LatentShape shape, int images) {
        var rows = new ConditioningRows(conditioning, images);
        var layout = new PackedLayout(shape, images);
        return NoisePredictor.start(transformer, NetworkSignature.FLUX, layout, rows, binding -> {
            rows.feedStates(binding, "encoder_hidden_states");
            rows.feedPooled(binding, "pooled_projections");
            feedIds(binding, "img_ids", PackedLayout.imageIds(shape), rows.size());
            feedIds(binding, "txt_ids", new float[rows.tokens() * ID_LENGTH], rows.size());
            binding.inputPerRow("guidance", rows.size()).ifPresent(input -> input.fill(rows.guidance()));
        });
    }

    /** Positions are the same for all images; exports of before diffusers 0.31 have them once for each. */
    private void feedIds(GraphBinding binding, String name, float[] ids, int batch) {
        var type = transformer.inputs().get(name);
        if (type == null) {
            return;
        }
        int tokens = ids.length / ID_LENGTH;
        if (type.rank() == 2) {
            binding.feed(name, ids, tokens, ID_LENGTH);
            return;
        }
        var input = binding.required(name, batch, tokens, ID_LENGTH);
        for (int row = 0; row < batch; row++) {
            input.put(row * ids.length, ids);
        }
    }
}
