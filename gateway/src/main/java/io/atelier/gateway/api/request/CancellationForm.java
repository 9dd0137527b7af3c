package io.atelier.gateway.api.request;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of a cancellation as the API's description shows it. */
@Schema(name = "CancellationRequest", description = "Nothing is needed")
public record CancellationForm(
        @Schema(maxLength = 256, description = "Why, in your words; shown with the job", example = "user") @Nullable
        String reason,

        @Schema(
                description = "How long the engine may take to stop by itself, PT0S to PT5M",
                example = "PT5S",
                defaultValue = "PT5S")
        @Nullable
        String grace) {}
