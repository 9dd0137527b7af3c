package io.atelier.springai;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.image.ImageOptions;

/**
 * What a prompt sets beside its text. What is null is left to the default options, then to the server.
 *
 * @param model the id of a model; null for the standard one
 * @param n the number of images; null for one
 * @param width in pixels, with {@code height}; null for the model's standard size
 * @param height in pixels, with {@code width}
 * @param seed the same seed gives the same image; null for a random one
 * @param quality one of the words of the model; null for its standard
 * @param key a name for the request: the same name and request give the existing generation; null for none
 * @param files ids of uploaded images to change; empty for new images
 * @param mask id of an uploaded mask; null for none
 */
public record AtelierImageOptions(
        @Nullable String model,
        @Nullable Integer n,
        @Nullable Integer width,
        @Nullable Integer height,
        @Nullable Long seed,
        @Nullable String quality,
        @Nullable String key,
        List<String> files,
        @Nullable String mask)
        implements ImageOptions {

    /** Leaves everything to the server. */
    public static final AtelierImageOptions NONE =
            new AtelierImageOptions(null, null, null, null, null, null, null, List.of(), null);

    public AtelierImageOptions {
        files = List.copyOf(files);
    }

    /** These options of one model. */
    public AtelierImageOptions withModel(String id) {
        return new AtelierImageOptions(id, n, width, height, seed, quality, key, files, mask);
    }

    /** These options with a size in pixels. */
    public AtelierImageOptions withSize(int wide, int high) {
        return new AtelierImageOptions(model, n, wide, high, seed, quality, key, files, mask);
    }

    /** These options with a name for the request. */
    public AtelierImageOptions withKey(String name) {
        return new AtelierImageOptions(model, n, width, height, seed, quality, name, files, mask);
    }

    /** These options with uploaded images to change. */
    public AtelierImageOptions withFiles(List<String> ids) {
        return new AtelierImageOptions(model, n, width, height, seed, quality, key, ids, mask);
    }

    /** The options of a prompt, of whatever kind they are, and these ones for what they leave open. */
    AtelierImageOptions under(@Nullable ImageOptions given) {
        if (given == null) {
            return this;
        }
        var own = given instanceof AtelierImageOptions options ? options : NONE;
        boolean hasSize = given.getWidth() != null && given.getHeight() != null;
        return new AtelierImageOptions(
                or(given.getModel(), model),
                or(given.getN(), n),
                hasSize ? given.getWidth() : width,
                hasSize ? given.getHeight() : height,
                or(own.seed, seed),
                or(own.quality, quality),
                or(own.key, key),
                own.files.isEmpty() ? files : own.files,
                or(own.mask, mask));
    }

    private static <T> @Nullable T or(@Nullable T given, @Nullable T standard) {
        return given == null ? standard : given;
    }

    @Override
    public @Nullable Integer getN() {
        return n;
    }

    @Override
    public @Nullable String getModel() {
        return model;
    }

    @Override
    public @Nullable Integer getWidth() {
        return width;
    }

    @Override
    public @Nullable Integer getHeight() {
        return height;
    }

    /** Images are always in base64. */
    @Override
    public @Nullable String getResponseFormat() {
        return null;
    }

    /** No model has it. */
    @Override
    public @Nullable String getStyle() {
        return null;
    }
}
