package io.atelier.generator.engine.diffusion.pipeline.denoiser;

import io.atelier.generator.engine.diffusion.pipeline.model.UnusableModel;
import io.atelier.generator.engine.diffusion.pipeline.text.PromptEmbeddings;
import io.atelier.generator.engine.onnx.GraphBinding;
import io.atelier.generator.engine.onnx.NumericTensor;
import io.atelier.generator.engine.onnx.TensorValues;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a batch. With classifier-free guidance each of the {@code n} images is in it twice: rows 0 to {@code n - 1} with the negative prompt,
 * rows {@code n} to {@code 2n - 1} with the prompt.
 */
final class ConditioningRows {

    private final PromptEmbeddings prompts;
    private final @Nullable PromptEmbeddings negative;
    private final float guidance;
    private final int images;

    ConditioningRows(Conditioning conditioning, int images) {
        this.prompts = conditioning.prompts();
        this.negative = conditioning.negative();
        this.guidance = (float) conditioning.guidance();
        this.images = images;
    }

    int size() {
        return isGuided() ? 2 * images : images;
    }

    boolean isGuided() {
        return negative != null;
    }

    /** The scale of the guidance. */
    float guidance() {
        return guidance;
    }

    /** The number of tokens of a text. */
    int tokens() {
        return prompts.states().length(1);
    }

    /** Feeds {@code [B, S, D]}. */
    void feedStates(GraphBinding binding, String name) {
        var states = prompts.states();
        var input = binding.required(name, size(), states.length(1), states.length(2));
        put(input, negative == null ? null : negative.states(), states);
    }

    /** Feeds {@code [B, P]}, if the network takes it. */
    void feedPooled(GraphBinding binding, String name) {
        var pooled = prompts.pooled();
        if (pooled != null) {
            binding.input(name, size(), pooled.length(1))
                    .ifPresent(input -> put(input, negative == null ? null : negative.pooled(), pooled));
        }
    }

    /** Feeds the same values to each row, if the network takes them. */
    void feedToEach(GraphBinding binding, String name, float[] values) {
        binding.input(name, size(), values.length).ifPresent(input -> {
            for (int row = 0; row < size(); row++) {
                input.put(row * values.length, values);
            }
        });
    }

    private void put(NumericTensor input, @Nullable TensorValues ofNegative, TensorValues ofPrompts) {
        int width = input.size() / size();
        for (int row = 0; row < size(); row++) {
            boolean isNegative = row < size() - images;
            var values = isNegative && ofNegative != null ? ofNegative : ofPrompts;
            int rows = values.length(0);
            if (values.values().length / rows != width) {
                throw UnusableModel.because("The text encoders give rows of different sizes. Export the model again.");
            }
            int from = rows == 1 ? 0 : row % images;
            input.put(row * width, values.values(), from * width, width);
        }
    }
}
