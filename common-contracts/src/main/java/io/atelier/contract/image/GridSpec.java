package io.atelier.contract.image;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The layout of a grid image and how to cut it into tiles.
 *
 * @param rows 1 to 8
 * @param cols 1 to 8
 * @param trim whether to remove the blank border of each tile
 * @param insetPixels pixels to remove from every side of a tile before trimming, 0 to 256
 * @param tolerance largest difference from the background's colour, per channel of 0 to 255, at which a pixel still counts as blank, 0 to 64
 * @param minTilePixels shortest side that a tile may have, 1 to 2,048; a smaller tile is reported as a warning
 * @param strict whether to cut into cells of equal size, without a search for gutters, and to trim what is exactly white; null for no
 * @param colour colour of the background as {@code #rrggbb} in lower case; null to find it in the image
 * @param keepSmall whether to keep tiles that are smaller than {@code minTilePixels}; null to leave them out
 */
public record GridSpec(
        int rows,
        int cols,
        boolean trim,
        int insetPixels,
        int tolerance,
        int minTilePixels,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean strict,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String colour,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean keepSmall) {

    /** White as a {@link #colour}. */
    public static final String WHITE = "#ffffff";

    private static final Pattern COLOUR = Pattern.compile("#[0-9a-f]{6}");

    public GridSpec {
        if (rows < 1 || rows > 8 || cols < 1 || cols > 8) {
            throw new IllegalArgumentException("A grid has 1 to 8 rows and columns; got " + rows + " x " + cols);
        }
        if (colour != null && !COLOUR.matcher(colour).matches()) {
            throw new IllegalArgumentException("A colour is '#' and 6 lower-case hex digits; got '" + colour + "'");
        }
    }

    /** A layout whose gutters and background colour are searched for; tiles that are too small are left out. */
    public GridSpec(int rows, int cols, boolean trim, int insetPixels, int tolerance, int minTilePixels) {
        this(rows, cols, trim, insetPixels, tolerance, minTilePixels, null, null, null);
    }

    /** The number of tiles in the grid. */
    public int tiles() {
        return rows * cols;
    }

    /** Whether to cut into cells of equal size and to trim what is exactly white. */
    public boolean cutsStrictly() {
        return Boolean.TRUE.equals(strict);
    }

    /** Whether to keep tiles that are too small. */
    public boolean keepsSmallTiles() {
        return Boolean.TRUE.equals(keepSmall);
    }
}
