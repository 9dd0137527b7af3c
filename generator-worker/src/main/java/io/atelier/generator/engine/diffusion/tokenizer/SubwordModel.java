package io.atelier.generator.engine.diffusion.tokenizer;

/** Splits a text into the parts of a vocabulary, without start token, end token and padding. Thread-safe and immutable. */
@FunctionalInterface
interface SubwordModel {

    /** Adds the ids of the text in their order; may stop as soon as one did not fit. */
    void encode(String text, TokenCollector into);
}
