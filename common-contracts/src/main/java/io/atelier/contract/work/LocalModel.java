package io.atelier.contract.work;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model that a worker runs itself, from its models folder. The gateway adds it to the catalogue.
 *
 * @param model its name in requests: 1 to 100 of {@code A-Z a-z 0-9 . _ -}
 * @param engine the name of its engine at the worker
 * @param family its architecture, for people, such as {@code Stable Diffusion XL}
 * @param license the license of its weights, as its card says; {@code unknown} if the folder does not say
 * @param addedAt when it came into the folder
 * @param bytes the size of its files
 * @param loaded whether its weights are in memory
 * @param width the width of an image if the request names no size, in pixels
 * @param height the height of an image if the request names no size, in pixels
 * @param minSide the shortest side of an image, in pixels
 * @param maxSide the longest side of an image, in pixels
 * @param maxPixels the most pixels of an image, width by height, for which the worker has memory; null for no limit beside the sides
 * @param multipleOf the number of which both sides are a multiple
 * @param maxImages the largest number of images in a job
 * @param steps the number of denoising steps if the request names none
 * @param guidance the guidance scale if the request names none; null if the model has no guidance
 * @param negativePrompt whether it supports a negative prompt
 * @param schedulers the schedulers that a request can name; empty if there is no choice
 * @param edits whether it can change a source image, as a whole or where a mask says
 * @param loading how far it is being loaded; null if it is not
 */
public record LocalModel(
        String model,
        String engine,
        String family,
        String license,
        Instant addedAt,
        long bytes,
        boolean loaded,
        int width,
        int height,
        int minSide,
        int maxSide,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long maxPixels,
        int multipleOf,
        int maxImages,
        int steps,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double guidance,
        boolean negativePrompt,
        List<String> schedulers,
        boolean edits,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Loading loading) {

    /** The names of the engines of models of a models folder begin with this; the name of the model's folder follows. */
    public static final String ENGINE_PREFIX = "local/";

    public LocalModel {
        schedulers = List.copyOf(schedulers);
    }

    /** The name of the engine that a worker has for a model folder of this name. */
    public static String engineOf(String folder) {
        return ENGINE_PREFIX + folder;
    }

    /** The name of the model folder of an engine; empty if it is another engine. */
    public static Optional<String> folderOf(String engine) {
        return engine.startsWith(ENGINE_PREFIX)
                ? Optional.of(engine.substring(ENGINE_PREFIX.length()))
                : Optional.empty();
    }

    /** The same model while it is being loaded; null if it is not. */
    public LocalModel withLoading(@Nullable Loading progress) {
        return new LocalModel(
                model,
                engine,
                family,
                license,
                addedAt,
                bytes,
                loaded,
                width,
                height,
                minSide,
                maxSide,
                maxPixels,
                multipleOf,
                maxImages,
                steps,
                guidance,
                negativePrompt,
                schedulers,
                edits,
                progress);
    }

    /**
     * How far a model is being loaded.
     *
     * @param progress the estimated part that is in memory, 0 to 1
     * @param etaSeconds the estimated seconds until it is loaded; null if there is nothing to estimate it from
     */
    public record Loading(
            double progress,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long etaSeconds) {}
}
