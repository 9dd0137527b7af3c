package io.atelier.generator.engine.diffusion.pipeline.denoiser;

import io.atelier.generator.engine.diffusion.pipeline.text.PromptEmbeddings;
import org.jspecify.annotations.Nullable;

/**
 * What guides the denoiser in a run.
 *
 * @param prompts of one text for all images, or of one for each
 * @param negative of the negative prompts, for classifier-free guidance; null if there is none
 * @param guidance scale of the guidance
 * @param size only used by SDXL
 */
public record Conditioning(
        PromptEmbeddings prompts, @Nullable PromptEmbeddings negative, double guidance, SizeConditioning size) {}
