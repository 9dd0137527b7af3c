package io.atelier.generator.engine;

import io.atelier.image.png.PngImage;
import java.awt.image.BufferedImage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An image that an engine generated.
 *
 * @param pixels the image as it is to be stored. Its warnings become those of the job
 * @param seed of the image; without meaning, and not published, if the engine has no {@link Capability#SEED}
 * @param metadata further data for the text chunks of the PNG, such as the native size; the keys are ASCII with up to 79 characters. The value of
 *     {@link #WARNING} is shown to the client: one or more sentences that say how the image differs from the request
 */
public record GeneratedImage(PngImage pixels, long seed, Map<String, String> metadata) {

    /** The key of the note that becomes a warning of the job. */
    public static final String WARNING = "warning";

    /** The key of the name of the sampler, where the engine knows it. */
    public static final String SAMPLER = "sampler";

    public GeneratedImage {
        metadata = withWarnings(metadata, pixels.warnings());
    }

    /** An image of a Java engine; its samples are compressed at once. */
    public GeneratedImage(BufferedImage pixels, long seed, Map<String, String> metadata) {
        this(PngImage.of(pixels), seed, metadata);
    }

    /** The same image with further metadata. */
    public GeneratedImage with(String key, String value) {
        var all = new HashMap<>(metadata);
        all.put(key, value);
        // The metadata has the warnings of the pixels already.
        return new GeneratedImage(pixels.withWarnings(List.of()), seed, all);
    }

    private static Map<String, String> withWarnings(Map<String, String> metadata, List<String> ofPixels) {
        if (ofPixels.isEmpty()) {
            return Map.copyOf(metadata);
        }
        var all = new HashMap<>(metadata);
        all.merge(WARNING, String.join(" ", ofPixels), (known, added) -> known + " " + added);
        return Map.copyOf(all);
    }
}
