package io.atelier.gateway.api.request;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of a request for the base image of an avatar alone as the OpenAPI document shows it; read by {@link AvatarStepReader}. */
@Schema(
        name = "AvatarBaseRequest",
        description =
                "A request for the base image of one person. Only the persona is required. Unknown fields are refused.")
public record AvatarBaseForm(
        PersonaForm persona,

        @Schema(
                pattern = "^" + RequestLimits.MODEL_NAME + "$",
                description =
                        "The id of a model from /v1/models, which must be able to change images if there is a face; left out, or"
                                + " 'auto', for the standard one of avatars")
        @Nullable
        String model,

        @Schema(description = AvatarForm.FACE) AvatarForm.@Nullable FaceImage face,

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
