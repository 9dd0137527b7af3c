package io.atelier.generator.engine.diffusion.tokenizer;

import java.nio.file.Path;

/** Reads tokenizers. */
public final class Tokenizers {

    private Tokenizers() {}

    /**
     * Reads the tokenizer of a folder such as {@code tokenizer_2}. The kind follows from the files: {@code tokenizer.json}, else
     * {@code vocab.json} and {@code merges.txt} (CLIP), {@code spiece.model} (T5) or {@code vocab.txt} (BERT).
     *
     * @throws io.atelier.generator.engine.GenerationFailed if a file is missing, damaged or of a kind that is not supported
     */
    public static Tokenizer read(Path folder) {
        throw new UnsupportedOperationException("The tokenizer in " + folder + " cannot be read yet");
    }
}
