package io.atelier.generator.engine.openai.dialect;

import io.atelier.contract.image.ImageSize;
import java.util.Comparator;
import java.util.List;

/** What is particular to OpenAI's own models of the family {@code gpt-image}: few sizes, base64 only, no fields but those it knows. */
public final class GptImage {

    /** For when the model may choose. */
    public static final String AUTO = "auto";

    /** All that they can draw. */
    public static final List<ImageSize> SIZES =
            List.of(new ImageSize(1024, 1024), new ImageSize(1536, 1024), new ImageSize(1024, 1536));

    private GptImage() {}

    /** Whether the model is one of the family, by what the vendor calls it. */
    public static boolean includes(String model) {
        return model.startsWith("gpt-image") || model.startsWith("chatgpt-image");
    }

    /** The size whose sides are nearest to those asked for in proportion. */
    public static ImageSize nearest(ImageSize asked) {
        return SIZES.stream()
                .min(Comparator.comparingDouble(size -> Math.abs(slant(size) - slant(asked))))
                .orElseThrow();
    }

    private static double slant(ImageSize size) {
        return Math.log((double) size.width() / size.height());
    }
}
