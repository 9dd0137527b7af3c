package io.atelier.gateway.view.models;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.work.LocalModel;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A model of the catalogue.
 *
 * @param id the name that clients use: 1 to 128 of {@code A-Z a-z 0-9 . _ : / -}
 * @param enabled whether clients can name it
 * @param engine the engine that generates with it
 * @param pool the queue of the workers that have the engine
 * @param created when this version of the model was released
 * @param ownedBy its maker
 * @param description for people: its abilities and limits
 * @param license of the weights, as an SPDX id or in words
 * @param examples prompts with good results
 * @param sizes the image sizes that it can generate
 * @param nativeSize the size that it generates, if images of other sizes are resampled from it; null otherwise
 * @param maxImages the highest number of images in a job
 * @param maxSources the highest number of source images for an edit; 0 if it cannot edit
 * @param masks whether an edit can be limited to a part of the first source image
 * @param strength whether requests can set how much source images change
 * @param options the parameters that only some models have
 * @param steps limits of the denoising steps; null if requests cannot set them
 * @param guidance limits of the guidance scale (how closely to follow the prompt); null if requests cannot set it
 * @param negativePrompt whether it supports a negative prompt
 * @param engineModel its name on the engine's server; null if that is {@code id}
 * @param fallbacks the models that are tried in this order when this one fails and the request names none
 */
@ConfigurationPropertiesSource
public record Model(
        @Pattern(regexp = NAME, message = NAME_RULE) String id,
        @DefaultValue("true") boolean enabled,
        @NotBlank String engine,
        @DefaultValue("default") @NotBlank String pool,
        @NotNull Instant created,
        @NotBlank String ownedBy,
        @NotBlank String description,
        @NotBlank String license,
        @DefaultValue List<String> examples,
        @Valid @NotNull @NestedConfigurationProperty ModelSizes sizes,
        @Nullable ImageSize nativeSize,
        @DefaultValue("1") @Min(1) @Max(16) int maxImages,

        @DefaultValue("0") @Min(0) @Max(GenerationRequest.MAX_IMAGES)
        int maxSources,

        @DefaultValue("false") boolean masks,
        @DefaultValue("false") boolean strength,
        @DefaultValue @Valid @NestedConfigurationProperty ModelOptions options,
        @Valid @Nullable Steps steps,
        @Valid @Nullable Guidance guidance,
        @DefaultValue("false") boolean negativePrompt,
        @Nullable String engineModel,
        @DefaultValue List<String> fallbacks) {

    /** What the name of a model is made of. */
    public static final String NAME = "[A-Za-z0-9._:/-]{1,128}";

    /** {@link #NAME} in words. */
    public static final String NAME_RULE =
            "must be the name of a model, such as gpt-image-1.5: 1 to 128 letters, digits and characters . _ : / -";

    private static final int MAX_STEPS = 150;
    private static final int MAX_GUIDANCE = 30;

    public Model {
        examples = List.copyOf(examples);
        fallbacks = List.copyOf(fallbacks);
    }

    /**
     * A model that a worker runs itself.
     *
     * @param pool the pool of the worker
     */
    public static Model ofWorker(LocalModel announced, String pool) {
        var standard = new ImageSize(announced.width(), announced.height());
        var guidance = announced.guidance();
        int sources = announced.edits() ? 1 : 0;
        return new Model(
                announced.model(),
                true,
                announced.engine(),
                pool,
                announced.addedAt(),
                "local",
                "%s, run by workers themselves from their models folder.".formatted(announced.family()),
                announced.license(),
                List.of(),
                ModelSizes.between(announced.minSide(), announced.maxSide(), announced.multipleOf(), standard)
                        .upTo(announced.maxPixels()),
                null,
                announced.maxImages(),
                sources,
                announced.edits(),
                announced.edits(),
                ModelOptions.ofSchedulers(announced.schedulers()),
                new Steps(1, MAX_STEPS, announced.steps()),
                guidance == null ? null : new Guidance(0, MAX_GUIDANCE, guidance),
                announced.negativePrompt(),
                null,
                List.of());
    }

    /** The number of steps if the request names none; null if the model has no default. */
    public @Nullable Integer standardSteps() {
        return steps == null ? null : steps.standard();
    }

    /** The guidance if the request names none; null if the model has no default. */
    public @Nullable Double standardGuidance() {
        return guidance == null ? null : guidance.standard();
    }

    /**
     * Limits of the denoising steps.
     *
     * @param min the lowest number of steps
     * @param max the highest number of steps
     * @param standard the number if the request names none; null for the default of the engine's server
     */
    public record Steps(
            @Min(1) int min,
            @Max(MAX_STEPS) int max,
            @Nullable Integer standard) {}

    /**
     * Limits of the guidance scale.
     *
     * @param min the lowest value
     * @param max the highest value
     * @param standard the value if the request names none; null for the default of the engine's server
     */
    public record Guidance(
            @Min(0) double min,
            @Max(MAX_GUIDANCE) double max,
            @Nullable Double standard) {}
}
