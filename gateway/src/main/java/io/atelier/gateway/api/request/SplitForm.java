package io.atelier.gateway.api.request;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of a request to split the grids of a generation again, as the OpenAPI document shows it; read by {@link SplitRequestReader}. */
@Schema(
        name = "SplitRequest",
        description =
                "How to split the grids of a generation again. Fields that are left out are those of the generation;"
                        + " trim and min_tile_px have their own defaults. Unknown fields are refused.")
public record SplitForm(
        @Schema(
                pattern = "^" + RequestLimits.GRID_LAYOUT + "$",
                description = "ROWSxCOLUMNS; left out for the layout of the generation",
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

        @Nullable WebhookForm webhook) {}
