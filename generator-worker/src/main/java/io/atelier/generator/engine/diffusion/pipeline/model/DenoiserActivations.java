package io.atelier.generator.engine.diffusion.pipeline.model;

/**
 * How many values a denoiser computes for one row of a batch.
 *
 * @param heads of the attention with the most scores
 * @param tokensPerLatent tokens for each latent in that attention
 * @param textTokens tokens of the text that take part in it
 * @param channels values for each token, or for each latent in a U-Net
 * @param featuresPerLatent 1 in a U-Net; in a transformer as many as tokens
 */
record DenoiserActivations(int heads, double tokensPerLatent, int textTokens, int channels, double featuresPerLatent) {

    /** Channels of the widest layers, and of tensors that are needed at the same time, as a multiple of those at the start. */
    private static final int WIDENING = 20;

    private static final int PATCH = 2;
    private static final int USUAL_HEADS = 8;
    private static final int USUAL_TRANSFORMER_HEADS = 24;
    private static final int USUAL_HEAD_WIDTH = 64;
    private static final int USUAL_CHANNELS = 320;
    private static final int CLIP_TOKENS = 77;
    private static final int T5_TOKENS = 256;
    private static final int T5_TOKENS_OF_FLUX = 512;

    static DenoiserActivations of(DiffusersFolder folder) {
        var config = folder.config(folder.family().denoiser());
        return folder.family().usesUnet() ? unet(config) : transformer(config, folder.family());
    }

    /** A U-Net that compares blocks of 4 x 4 latents. */
    static DenoiserActivations ofSmallUnet(int channels) {
        return new DenoiserActivations(USUAL_HEADS, 1.0 / 16, 0, channels, 1);
    }

    /** The attention scores for so many latents. */
    double scores(double latents) {
        double tokens = tokensPerLatent * latents + textTokens;
        return heads * tokens * tokens;
    }

    /** All other values that are needed at the same time. */
    double features(double latents) {
        return (double) WIDENING * channels * (featuresPerLatent * latents + textTokens);
    }

    /** The number of heads and the tokens of each level of the U-Net, whose sides are half as long as those of the level above. */
    private static DenoiserActivations unet(ComponentConfig config) {
        var blocks = config.texts("down_block_types");
        var channels = config.numbers("block_out_channels");
        int first = channels.isEmpty() ? USUAL_CHANNELS : channels.get(0).intValue();
        int heads = heads(config, 0);
        double tokens = blocks.isEmpty() ? 1 : 0;
        for (int level = 0; level < blocks.size(); level++) {
            double ofLevel = Math.pow(4, -level);
            if (blocks.get(level).contains("Attn")
                    && heads(config, level) * ofLevel * ofLevel > heads * tokens * tokens) {
                heads = heads(config, level);
                tokens = ofLevel;
            }
        }
        return new DenoiserActivations(heads, tokens, 0, first, 1);
    }

    private static DenoiserActivations transformer(ComponentConfig config, PipelineFamily family) {
        boolean isFlux = family == PipelineFamily.FLUX;
        int patch = isFlux ? PATCH : Math.max(1, config.integer("patch_size", PATCH));
        int heads = config.integer("num_attention_heads", USUAL_TRANSFORMER_HEADS);
        int width = heads * config.integer("attention_head_dim", USUAL_HEAD_WIDTH);
        double tokens = 1.0 / (patch * patch);
        int text = isFlux ? T5_TOKENS_OF_FLUX : CLIP_TOKENS + T5_TOKENS;
        return new DenoiserActivations(heads, tokens, text, width, tokens);
    }

    /** In U-Nets {@code attention_head_dim} is the number of heads, unless {@code num_attention_heads} names it. */
    private static int heads(ComponentConfig config, int level) {
        String name = config.has("num_attention_heads") ? "num_attention_heads" : "attention_head_dim";
        var each = config.numbers(name);
        if (each.isEmpty()) {
            return config.count(name) == 0 && config.has(name) ? config.integer(name) : USUAL_HEADS;
        }
        return each.get(Math.min(level, each.size() - 1)).intValue();
    }
}
