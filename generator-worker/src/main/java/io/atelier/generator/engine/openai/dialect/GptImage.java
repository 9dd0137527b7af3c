package io.atelier.generator.engine.openai.dialect;

import io.atelier.contract.image.ImageSize;
import java.util.Comparator;
import java.util.List;

/** The limits of OpenAI's models of the family {@code gpt-image}: three sizes, base64 only, and unknown fields are refused. */
public final class GptImage {

    /** The size that the model chooses itself. */
    public static final String AUTO = "auto";

    /** All sizes of the family. */
    public static final List<ImageSize> SIZES =
            List.of(new ImageSize(1024, 1024), new ImageSize(1536, 1024), new ImageSize(1024, 1536));

    private GptImage() {}

    /** Whether the model is one of the family, by OpenAI's name. */
    public static boolean includes(String model) {
        return model.startsWith("gpt-image") || model.startsWith("chatgpt-image");
    }

    /** The size with the nearest aspect ratio. */
    public static ImageSize nearest(ImageSize requested) {
        return SIZES.stream()
                .min(Comparator.comparingDouble(size -> Math.abs(logAspectRatio(size) - logAspectRatio(requested))))
                .orElseThrow();
    }

    private static double logAspectRatio(ImageSize size) {
        return Math.log((double) size.width() / size.height());
    }
}
