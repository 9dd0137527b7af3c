package io.atelier.generator.engine.diffusion.pipeline.text;

/**
 * One or more sentences about what a model did not make of a prompt.
 *
 * @param quoting may quote the prompt
 * @param plain says the same without a word of the prompt, which may be personal
 */
public record PromptWarning(String quoting, String plain) {

    /** A warning that quotes nothing. */
    public static PromptWarning plain(String text) {
        return new PromptWarning(text, text);
    }

    /** The text for a run that may quote its prompts or not. */
    public String text(boolean mayQuote) {
        return mayQuote ? quoting : plain;
    }
}
