package io.atelier.generator.engine.diffusion.pipeline.text;

/**
 * How prompts are encoded.
 *
 * @param clipSkip layers of CLIP that are left out at its end, in addition to those that the family always leaves out; at least 0
 * @param maxSequenceLength tokens that T5 reads, padding included; its padding is attended, so that the length changes the image
 */
public record EncodingOptions(int clipSkip, int maxSequenceLength) {

    /** The options for a negative prompt, for which no further layers are left out. */
    public EncodingOptions forNegative() {
        return new EncodingOptions(0, maxSequenceLength);
    }
}
