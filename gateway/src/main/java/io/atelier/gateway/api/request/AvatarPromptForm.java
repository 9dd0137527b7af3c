package io.atelier.gateway.api.request;

import io.atelier.contract.job.AvatarSpec;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of a request for the prompts of an avatar alone as the OpenAPI document shows it; read by {@link AvatarStepReader}. */
@Schema(
        name = "AvatarPromptRequest",
        description =
                "A request for the prompts of one person's grids. Only the persona is required. Unknown fields are refused.")
public record AvatarPromptForm(
        PersonaForm persona,

        @Schema(
                defaultValue = "false",
                description =
                        "Whether to write one prompt for each grid of the images, all different; otherwise it is one prompt")
        @Nullable
        Boolean distinctPrompts,

        @Schema(
                minimum = "" + AvatarSpec.IMAGES_PER_GRID,
                maximum = "" + AvatarSpec.MAX_IMAGES,
                multipleOf = AvatarSpec.IMAGES_PER_GRID,
                defaultValue = "4",
                description =
                        "The number of images whose grids get prompts, four for each grid; only with distinct_prompts")
        @Nullable
        Integer images,

        @Schema(description = AvatarForm.LABELS, example = "{\"campaign\": \"q4\"}") @Nullable
        Map<String, String> labels,

        @Schema(maxLength = RequestLimits.MAX_CLIENT_REF_LENGTH, description = AvatarForm.CLIENT_REF) @Nullable
        String clientRef,

        GenerationForm.@Nullable Deadline deadline,
        GenerationForm.@Nullable Delivery delivery,

        @Schema(
                allowableValues = {GenerationForm.CONTINUE, GenerationForm.CANCEL},
                defaultValue = GenerationForm.CONTINUE,
                description = AvatarForm.ON_DISCONNECT)
        @Nullable
        String onDisconnect,

        @Nullable WebhookForm webhook) {}
