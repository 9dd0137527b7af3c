package io.atelier.gateway.api.request;

import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The body of a batch as the OpenAPI document shows it: {@code prompts}, and all fields of {@link GenerationForm} that say how images are generated,
 * which hold for each prompt. The document gets the latter from there.
 */
@Schema(
        name = BatchForm.NAME,
        description =
                "A request for the images of several prompts. Only the prompts are required; the other fields are those"
                        + " of a generation, and hold for each prompt. Unknown fields are refused.")
public record BatchForm(
        @ArraySchema(
                minItems = 1,
                maxItems = RequestLimits.MAX_BATCH_PROMPTS,
                arraySchema =
                        @Schema(
                                description = "One generation is created for each",
                                example = "[\"a castle\", \"a snowman\"]"),
                schema = @Schema(minLength = 1, maxLength = RequestLimits.MAX_PROMPT_LENGTH))
        List<String> prompts) {

    /** The name of the schema. */
    public static final String NAME = "BatchRequest";

    static final String PROMPTS = "prompts";

    /** Fields of a generation that a batch does not have: each prompt is in the list, and no client waits. */
    private static final Set<String> LEFT_OUT = Set.of("prompt", "on_disconnect");

    /** The names of all fields of a batch. */
    static Set<String> fields() {
        var names = new TreeSet<>(shared());
        names.add(PROMPTS);
        return names;
    }

    /** The names of the fields that a batch and a generation have. */
    public static Set<String> shared() {
        var names = new TreeSet<>(JsonFields.names(GenerationForm.class));
        names.removeAll(LEFT_OUT);
        return names;
    }
}
