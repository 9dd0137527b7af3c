package io.atelier.gateway.api.request;

import io.atelier.contract.image.FileId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of a request to split any image, as the OpenAPI document shows it; read by {@link SplitRequestReader}. */
@Schema(
        name = "GridSplitRequest",
        description = "An image, and how to split it. Only the image is required. Unknown fields are refused.")
public record GridSplitForm(
        Image image,

        @Schema(
                pattern = "^" + RequestLimits.GRID_LAYOUT + "$",
                description = "ROWSxCOLUMNS; left out for that of the query, or 2x2",
                example = "2x2")
        @Nullable
        String layout,

        @Schema(
                description = GridForm.TRIM,
                oneOf = {GridForm.TrimWord.class, GridForm.Trim.class})
        @Nullable
        Object trim,

        @Schema(
                minimum = "" + RequestLimits.MIN_TILE_PX,
                maximum = "" + RequestLimits.MAX_TILE_PX,
                description = GridForm.MIN_TILE)
        @Nullable
        Integer minTilePx,

        @Nullable SplitOutputForm output,

        @Schema(description = "Labels of your own, as in a generation request", example = "{\"campaign\": \"q4\"}")
        @Nullable
        Map<String, String> labels,

        @Schema(maxLength = RequestLimits.MAX_CLIENT_REF_LENGTH, description = "Your own reference for the job, echoed")
        @Nullable
        String clientRef,

        GenerationForm.@Nullable Deadline deadline,
        GenerationForm.@Nullable Delivery delivery,

        @Schema(
                allowableValues = {GenerationForm.CONTINUE, GenerationForm.CANCEL},
                defaultValue = GenerationForm.CONTINUE,
                description = "Whether to cancel the job when a client that waits for it or streams it disconnects")
        @Nullable
        String onDisconnect,

        @Nullable WebhookForm webhook) {

    /** The image to split. */
    @Schema(name = "GridSplitImage", description = "The image to split: exactly one of the three fields")
    public record Image(
            GenerationForm.@Nullable GenerationImage generation,

            @Schema(
                    maxLength = RequestLimits.MAX_IMAGE_URL_LENGTH,
                    format = "uri",
                    description = GenerationForm.IMAGE_URL,
                    example = "https://example.org/grid.png")
            @Nullable
            String imageUrl,

            @Schema(pattern = "^" + FileId.REGEX + "$", description = "An uploaded file, see /v1/files") @Nullable
            String fileId) {}
}
