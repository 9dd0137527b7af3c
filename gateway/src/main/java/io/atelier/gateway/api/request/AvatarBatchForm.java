package io.atelier.gateway.api.request;

import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The body of a batch of avatars as the OpenAPI document shows it: {@code personas}, {@code concurrency}, and all fields of {@link AvatarForm} that say
 * how images are made, which hold for each persona. The document gets the latter from there.
 */
@Schema(
        name = AvatarBatchForm.NAME,
        description =
                "A request for images of several persons. Only the personas are required; the other fields are those of an"
                        + " avatar, and hold for each persona. Unknown fields are refused.")
public record AvatarBatchForm(
        @ArraySchema(
                minItems = 1,
                maxItems = RequestLimits.MAX_BATCH_PERSONAS,
                arraySchema = @Schema(description = "One avatar is created for each; no two have the same id"))
        List<PersonaForm> personas,

        @Schema(
                minimum = "1",
                maximum = "" + RequestLimits.MAX_BATCH_CONCURRENCY,
                description =
                        "How many of the avatars are made at the same time; null for the setting of the gateway, which is 3 by"
                                + " default")
        @Nullable
        Integer concurrency) {

    /** The name of the schema. */
    public static final String NAME = "AvatarBatchRequest";

    static final String PERSONAS = "personas";
    static final String CONCURRENCY = "concurrency";

    /** Fields of an avatar that a batch does not have: each persona is in the list, and no client waits. */
    private static final Set<String> LEFT_OUT = Set.of(PersonaFields.FIELD, "on_disconnect");

    /** The names of all fields of a batch. */
    static Set<String> fields() {
        var names = new TreeSet<>(shared());
        names.addAll(JsonFields.names(AvatarBatchForm.class));
        return names;
    }

    /** The names of the fields that a batch and an avatar have. */
    public static Set<String> shared() {
        var names = new TreeSet<>(JsonFields.names(AvatarForm.class));
        names.removeAll(LEFT_OUT);
        return names;
    }
}
