package io.atelier.gateway.api.request;

import io.atelier.contract.job.AvatarSpec;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of a request that only publishes images as the OpenAPI document shows it; read by {@link AvatarStepReader}. */
@Schema(
        name = "AvatarPublishRequest",
        description =
                "A request to copy stored images to the keys of published images. Required are the images, and one of persona_id and"
                        + " key_base. Unknown fields are refused.")
public record AvatarPublishForm(
        @Schema(
                oneOf = {String.class, Long.class},
                description = "Your own id of the person, which makes the keys, such as avatars/42/img_0.png",
                example = "42")
        @Nullable
        Object personaId,

        @Schema(
                description =
                        "The beginning of the keys, to which _0.png, _1.png and so on are added. It begins as the keys of"
                                + " persons do, so with avatars/ if no setting says otherwise",
                example = "avatars/42/img")
        @Nullable
        String keyBase,

        @ArraySchema(
                minItems = 1,
                maxItems = AvatarSpec.MAX_IMAGES,
                arraySchema =
                        @Schema(
                                description =
                                        "PNG images: files, or images of generations, in the order of their numbers"))
        List<AvatarForm.BaseImage> images,

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
