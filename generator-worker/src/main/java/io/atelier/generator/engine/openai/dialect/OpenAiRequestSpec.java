package io.atelier.generator.engine.openai.dialect;

import org.jspecify.annotations.Nullable;

/**
 * What one call asks for.
 *
 * @param model as the server calls it
 * @param negativePrompt what not to draw
 * @param size such as {@code 512x512}, or {@code auto}
 * @param n how many pictures
 * @param steps denoising steps; null for the model's own number
 * @param guidance how closely to follow the prompt; null for the model's own
 * @param seed of the first picture
 */
public record OpenAiRequestSpec(
        String model,
        String prompt,
        @Nullable String negativePrompt,
        String size,
        int n,
        @Nullable Integer steps,
        @Nullable Double guidance,
        long seed) {}
