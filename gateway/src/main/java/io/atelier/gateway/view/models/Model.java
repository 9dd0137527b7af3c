package io.atelier.gateway.view.models;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.GenerationRequest;
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
 * A model as the catalogue describes it.
 *
 * @param id what clients call it: 1 to 128 of {@code A-Z a-z 0-9 . _ : / -}
 * @param enabled whether clients can name it
 * @param engine what draws it
 * @param pool the queue of the workers that have the engine
 * @param created when this version of the model was made
 * @param ownedBy who made it
 * @param description for people: what it can and cannot do
 * @param license of the weights, as an SPDX id or in words
 * @param examples prompts that it does well
 * @param sizes the pictures it can make
 * @param nativeSize the size it thinks in, if pictures of other sizes are enlargements
 * @param maxImages the highest number of pictures in a job
 * @param maxSources how many pictures it can be given to change at once; 0 if it only draws new ones
 * @param steps denoising steps; null if it cannot be told
 * @param guidance how closely to follow the prompt; null if it cannot be told
 * @param negativePrompt whether it can be told what not to draw
 * @param engineModel what the engine's server calls it; null if it calls it by {@code id}
 * @param fallbacks the models that are asked if this one fails and the request names none, in this order
 */
@ConfigurationPropertiesSource
public record Model(
        @Pattern(regexp = "[A-Za-z0-9._:/-]{1,128}") String id,
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

        @DefaultValue("0") @Min(0) @Max(GenerationRequest.MOST_IMAGES)
        int maxSources,

        @Valid @Nullable Steps steps,
        @Valid @Nullable Guidance guidance,
        @DefaultValue("false") boolean negativePrompt,
        @Nullable String engineModel,
        @DefaultValue List<String> fallbacks) {

    public Model {
        examples = List.copyOf(examples);
        fallbacks = List.copyOf(fallbacks);
    }

    /** The number of steps if the client names none; null if there is none to name. */
    public @Nullable Integer standardSteps() {
        return steps == null ? null : steps.standard();
    }

    /** The guidance if the client names none; null if there is none to name. */
    public @Nullable Double standardGuidance() {
        return guidance == null ? null : guidance.standard();
    }

    /**
     * How many denoising steps a model can take.
     *
     * @param standard the number if the client names none; null for whatever the engine's server takes
     */
    public record Steps(
            @Min(1) int min, @Max(150) int max, @Nullable Integer standard) {}

    /**
     * How closely a model can be told to follow the prompt.
     *
     * @param standard the value if the client names none; null for whatever the engine's server takes
     */
    public record Guidance(
            @Min(0) double min,
            @Max(30) double max,
            @Nullable Double standard) {}
}
