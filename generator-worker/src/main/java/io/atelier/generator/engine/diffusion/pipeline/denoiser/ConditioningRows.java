package io.atelier.generator.engine.diffusion.pipeline.denoiser;

import io.atelier.generator.engine.diffusion.pipeline.model.UnusableModel;
import io.atelier.generator.engine.diffusion.pipeline.text.PromptEmbeddings;
import io.atelier.generator.engine.onnx.GraphBinding;
import io.atelier.generator.engine.onnx.NumericTensor;
import io.atelier.generator.engine.onnx.TensorValues;
import java.util.Arrays;
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

    /**
     * Feeds {@code [B, S, D]} with the {@code S} tokens of the longest text, and the mask {@code [B, S]}: 1 for the tokens of a row, 0 for the zeros behind
     * them.
     */
    void feedMaskedStates(GraphBinding binding, String name, String maskName) {
        int longest =
                Math.max(tokens(), negative == null ? 0 : negative.states().length(1));
        int width = prompts.states().length(2);
        var input = binding.required(name, size(), longest, width);
        var mask = binding.required(maskName, size(), longest);
        for (int row = 0; row < size(); row++) {
            var texts = isNegative(row) && negative != null ? negative : prompts;
            var states = texts.states();
            int text = textOf(row, states);
            int values = states.length(1) * width;
            input.put(row * longest * width, states.values(), text * values, values);
            mask.put(row * longest, ones(texts.length(text)));
        }
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
            var values = isNegative(row) && ofNegative != null ? ofNegative : ofPrompts;
            if (values.values().length / values.length(0) != width) {
                throw UnusableModel.because("The text encoders give rows of different sizes. Export the model again.");
            }
            input.put(row * width, values.values(), textOf(row, values) * width, width);
        }
    }

    private boolean isNegative(int row) {
        return row < size() - images;
    }

    /** The index of the text of a row: one for all images, or one for each. */
    private int textOf(int row, TensorValues values) {
        return values.length(0) == 1 ? 0 : row % images;
    }

    private static float[] ones(int count) {
        var ones = new float[count];
        Arrays.fill(ones, 1);
        return ones;
    }
}
