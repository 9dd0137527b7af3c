package io.atelier.generator.engine.diffusion.tokenizer;

/** One step of the normalisation of a text. Thread-safe and immutable. */
@FunctionalInterface
interface NormalizationStep {

    AlignedText apply(AlignedText text);
}
