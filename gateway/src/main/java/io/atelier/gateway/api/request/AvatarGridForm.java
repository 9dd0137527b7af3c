package io.atelier.gateway.api.request;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of a request for one grid of an avatar alone as the OpenAPI document shows it; read by {@link AvatarStepReader}. */
@Schema(
        name = "AvatarGridRequest",
        description =
                "A request for one uncut grid. Only the base image and the prompt are required. Unknown fields are refused.")
public record AvatarGridForm(
        @Schema(
                description =
                        "The image that the grid shows again. Of a generation without index it is the base image of that avatar, else image 0")
        AvatarForm.BaseImage base,

        @Schema(minLength = 1, maxLength = RequestLimits.MAX_PROMPT_LENGTH, example = "four views of the same person")
        String prompt,

        @Schema(pattern = "^" + RequestLimits.MODEL_NAME + "$", description = AvatarForm.MODEL) @Nullable
        String model,

        @Schema(minimum = "0", maximum = "" + RequestLimits.MAX_AVATAR_SEED, description = "Null for a random seed")
        @Nullable
        Long seed,

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
