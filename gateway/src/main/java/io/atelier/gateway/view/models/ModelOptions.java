package io.atelier.gateway.view.models;

import jakarta.validation.constraints.Pattern;
import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The parameters that only some models have, each with the words that requests can give it; no words if the model does not have it.
 *
 * @param quality how much effort each image is worth
 * @param background what is behind the subject
 * @param moderation how strict the content filter of the provider is
 * @param inputFidelity how closely an edit keeps to the source images
 * @param scheduler how the noise is removed from step to step
 */
public record ModelOptions(
        @DefaultValue
        List<
                        @Pattern(
                                regexp = "[a-z0-9-]{1,16}",
                                message = "must be 1 to 16 lower-case letters, digits and hyphens, such as high")
                        String>
                quality,

        @DefaultValue
        List<@Pattern(regexp = "auto|opaque|transparent", message = "must be one of auto, opaque, transparent") String>
                background,

        @DefaultValue List<@Pattern(regexp = "auto|low", message = "must be one of auto, low") String> moderation,
        @DefaultValue List<@Pattern(regexp = "low|high", message = "must be one of low, high") String> inputFidelity,

        @DefaultValue
        List<
                        @Pattern(
                                regexp = "[a-z0-9-]{1,32}",
                                message = "must be 1 to 32 lower-case letters, digits and hyphens, such as euler")
                        String>
                scheduler) {

    /** The options of a model that has no such parameter. */
    public static final ModelOptions NONE = new ModelOptions(List.of(), List.of(), List.of(), List.of(), List.of());

    /** The options of a model whose only such parameter is the scheduler. */
    static ModelOptions ofSchedulers(List<String> words) {
        return new ModelOptions(List.of(), List.of(), List.of(), List.of(), words);
    }

    public ModelOptions {
        quality = List.copyOf(quality);
        background = List.copyOf(background);
        moderation = List.copyOf(moderation);
        inputFidelity = List.copyOf(inputFidelity);
        scheduler = List.copyOf(scheduler);
    }
}
