package io.atelier.generator.engine.openai.dialect;

import org.jspecify.annotations.Nullable;

/**
 * The contents of one call, before a {@link Dialect} maps them to fields.
 *
 * @param model the server's name of the model
 * @param gptImage whether it is one of {@link GptImage}
 * @param negativePrompt what the images are not to show; null for none
 * @param size such as {@code 512x512}, or {@code auto}
 * @param n the number of images
 */
public record OpenAiRequestSpec(
        String model,
        boolean gptImage,
        String prompt,
        @Nullable String negativePrompt,
        String size,
        int n,
        Sampling sampling) {

    /**
     * The parameters of sampling.
     *
     * @param steps denoising steps; null for the model's default
     * @param guidance how closely the image follows the prompt; null for the model's default
     * @param seed of the first image
     * @param strength how much to change source images, from 0 to 1; null for the model's default
     */
    public record Sampling(
            @Nullable Integer steps,
            @Nullable Double guidance,
            long seed,
            @Nullable Double strength) {}
}
