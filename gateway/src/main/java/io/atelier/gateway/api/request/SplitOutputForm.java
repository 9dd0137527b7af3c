package io.atelier.gateway.api.request;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The files that the tiles of a request that only splits are written to, as the OpenAPI document shows it; read by {@link OutputFields}. */
@Schema(
        name = "SplitOutput",
        description =
                "The files that the tiles are written to. What is left out is as in the generation whose grids are split; for any"
                        + " other image, as in a generation request")
public record SplitOutputForm(
        @Schema(
                allowableValues = {OutputFields.PNG, OutputFields.JPEG},
                description =
                        "The format in which tiles are delivered. The PNG of each is kept, too, and grids are always PNG. In a"
                                + " JPEG, transparent pixels are laid on white")
        @Nullable
        String format,

        @Schema(
                minimum = "0",
                maximum = "" + RequestLimits.MAX_COMPRESSION,
                description =
                        "The quality of JPEGs, from 0 for the smallest files to 100 for the best images; not for PNG")
        @Nullable
        Integer compression) {}
