package io.atelier.generator.engine.openai.dialect;

/** What all of OpenAI's models of the family {@code gpt-image} have in common: base64 only, and unknown fields are refused. */
public final class GptImage {

    /** The size that the model chooses itself. */
    public static final String AUTO = "auto";

    private GptImage() {}

    /** Whether the model is one of the family, by OpenAI's name. */
    public static boolean includes(String model) {
        return model.startsWith("gpt-image") || model.startsWith("chatgpt-image");
    }
}
