package io.atelier.gateway.api.request;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How each image is cut into tiles, as the OpenAPI document shows it; read by {@link GridFields}. */
@Schema(name = "GridRequest", description = "How each image is cut into tiles")
public record GridForm(
        @Schema(
                pattern = "^(none|" + RequestLimits.GRID_LAYOUT + ")$",
                defaultValue = "none",
                description = "ROWSxCOLUMNS",
                example = "2x2")
        @Nullable
        String layout,

        @Schema(
                description = TRIM,
                oneOf = {TrimWord.class, Trim.class})
        @Nullable
        Object trim,

        @Schema(
                minimum = "" + RequestLimits.MIN_TILE_PX,
                maximum = "" + RequestLimits.MAX_TILE_PX,
                description = MIN_TILE)
        @Nullable
        Integer minTilePx,

        @Schema(defaultValue = "true", description = "The uncut grid is always kept: only true is allowed") @Nullable
        Boolean keepOriginal) {

    /** The description of the field {@code trim}. */
    static final String TRIM =
            "How tiles are cut and trimmed. auto, the default, also called tolerant: gutters are searched for, and borders"
                    + " of the background are removed. none: nothing is removed. strict: cells of equal size, trimmed to what"
                    + " is not exactly white";

    /** The description of the field {@code min_tile_px}. */
    static final String MIN_TILE = "Tiles with a shorter side are left out; 64, or 1 in mode strict";

    /** How borders are removed, in a word. */
    @Schema(name = "TrimWord")
    public enum TrimWord {
        @Schema(name = "auto")
        auto,
        @Schema(name = "tolerant")
        tolerant,
        @Schema(name = "none")
        none,
        @Schema(name = "strict")
        strict
    }

    /** How borders are removed. */
    @Schema(name = "Trim")
    public record Trim(
            @Schema(
                    allowableValues = {"auto", "tolerant", "none", "strict"},
                    defaultValue = "auto",
                    description = TRIM)
            @Nullable
            String mode,

            @Schema(
                    pattern = "^(auto|white|" + RequestLimits.COLOUR + ")$",
                    defaultValue = "auto",
                    description =
                            "The colour of borders and gutters: auto for transparent, else the colour that most of"
                                    + " the outermost lines of the image share, else white. Transparent pixels always belong to"
                                    + " them")
            @Nullable
            String colour,

            @Schema(
                    minimum = "0",
                    maximum = "" + RequestLimits.MAX_TRIM_INSET_PX,
                    defaultValue = "0",
                    description = "Cut off from every side of a tile before it is trimmed")
            @Nullable
            Integer insetPx,

            @Schema(
                    minimum = "0",
                    maximum = "" + RequestLimits.MAX_TRIM_TOLERANCE,
                    defaultValue = "" + RequestLimits.DEFAULT_TRIM_TOLERANCE,
                    description = "How much a border pixel may differ from the border's colour")
            @Nullable
            Integer tolerance,

            @Schema(
                    minimum = "" + RequestLimits.MIN_TILE_PX,
                    maximum = "" + RequestLimits.MAX_TILE_PX,
                    description = MIN_TILE)
            @Nullable
            Integer minTilePx) {}
}
