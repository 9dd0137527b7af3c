package io.atelier.pipeline;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request for one image.
 *
 * @param prompt what the image shows
 * @param model the name of a model; null for that of the pipeline {@code image_generation}
 * @param width in pixels, from 64 to 2048; 512 unless it is set
 * @param height in pixels, from 64 to 2048; 512 unless it is set
 * @param options other members of a generation in Atelier's API, such as {@code seed}, {@code negative_prompt} or {@code steps}, with their JSON values
 */
public record PipelineImageRequest(
        String prompt, @Nullable String model, int width, int height, Map<String, Object> options) {

    private static final int STANDARD_SIDE = 512;

    /** @throws IllegalArgumentException if an option has no JSON value */
    public PipelineImageRequest {
        var copy = new LinkedHashMap<String, Object>();
        options.forEach((name, value) -> copy.put(name, Objects.requireNonNull(JsonValues.copy(value))));
        options = Map.copyOf(copy);
    }

    /** A request that says only what the image shows. */
    public static PipelineImageRequest of(String prompt) {
        return new PipelineImageRequest(prompt, null, STANDARD_SIDE, STANDARD_SIDE, Map.of());
    }

    /** The same request to this model. */
    public PipelineImageRequest model(String name) {
        return new PipelineImageRequest(prompt, name, width, height, options);
    }

    /** The same request for an image of this size, in pixels. */
    public PipelineImageRequest size(int newWidth, int newHeight) {
        return new PipelineImageRequest(prompt, model, newWidth, newHeight, options);
    }

    /**
     * The same request with one member more.
     *
     * @param value a String, Number or Boolean, or a list or map of such
     */
    public PipelineImageRequest option(String name, Object value) {
        var more = new LinkedHashMap<>(options);
        more.put(name, value);
        return new PipelineImageRequest(prompt, model, width, height, more);
    }
}
