package io.atelier.gateway.api.request;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of a cancellation as the OpenAPI document shows it; its components are the fields that {@link CancellationReader} allows. */
@Schema(name = "CancellationRequest", description = "All fields are optional, and so is the body")
public record CancellationForm(
        @Schema(
                maxLength = RequestLimits.MAX_CANCEL_REASON_LENGTH,
                description = "Why, in your own words; shown with the job",
                example = "user")
        @Nullable
        String reason,

        @Schema(
                description =
                        "The grace period for the engine to stop on its own, PT0S to " + RequestLimits.MAX_CANCEL_GRACE,
                example = "PT5S",
                defaultValue = RequestLimits.DEFAULT_CANCEL_GRACE)
        @Nullable
        String grace) {}
