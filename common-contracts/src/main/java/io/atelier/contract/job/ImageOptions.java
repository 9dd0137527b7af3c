package io.atelier.contract.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of a request that only some models have. The values are words; which ones a model takes is in the catalogue.
 *
 * @param quality how much effort each image is worth, such as {@code low} or {@code max}; null for the engine's default
 * @param background {@code opaque}, {@code transparent}, or {@code auto} for what suits the prompt; null for the engine's default
 * @param moderation how strict the content filter of the provider is: {@code auto} or {@code low}; null for the engine's default
 * @param inputFidelity how closely an edit keeps to the source images: {@code low} or {@code high}; null for the engine's default
 * @param scheduler how the noise is removed from step to step, such as {@code euler} or {@code dpmpp-2m-karras}; null for the model's own
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ImageOptions(
        @Nullable String quality,
        @Nullable String background,
        @Nullable String moderation,
        @Nullable String inputFidelity,
        @Nullable String scheduler) {

    /** The background that is transparent. */
    public static final String TRANSPARENT = "transparent";

    /** No parameter is set. */
    public static final ImageOptions NONE = new ImageOptions(null, null, null, null, null);

    /** Whether no parameter is set. */
    public boolean areDefaults() {
        return equals(NONE);
    }

    /** Whether the background of the images is to be transparent. */
    public boolean hasTransparentBackground() {
        return TRANSPARENT.equals(background);
    }
}
