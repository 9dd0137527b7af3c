package io.atelier.generator.engine.diffusion.tokenizer;

/**
 * Converts a text to the token ids that a text encoder reads. Control tokens in a text, such as {@code <|endoftext|>} or {@code </s>}, are treated
 * as text. Thread-safe and immutable.
 */
public interface Tokenizer {

    /**
     * The ids of a text: start token if the model has one, text, end token, padding. A text that is too long is cut.
     *
     * @param length the exact number of ids, at least the number of start and end tokens
     */
    TokenizedText encode(String text, int length);

    /** The number of ids that the text encoder was trained with, the {@code model_max_length} of the folder; 77 for CLIP. */
    int maxLength();
}
