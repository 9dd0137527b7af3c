package io.atelier.splitter.grid;

/**
 * The colour between and around the tiles of a grid. All transparent pixels count as the same colour.
 *
 * @param argb the four channels, 8 bits each, alpha first
 * @param tolerance how much each channel of a blank pixel may differ, 0 to 255
 */
record BackgroundColour(int argb, int tolerance) {

    /** How many of a thousand pixels of a blank line may have another colour, so that specks do not interrupt a border. */
    private static final long SPECKS_PER_MILLE = 5;

    private static final int TRANSPARENT_BELOW = 8;

    BackgroundColour {
        argb = visible(argb);
    }

    /** The same colour with another tolerance. */
    BackgroundColour withTolerance(int other) {
        return new BackgroundColour(argb, other);
    }

    boolean covers(int pixel) {
        if (pixel == argb) {
            return true;
        }
        int actual = visible(pixel);
        return near(argb >>> 24, actual >>> 24)
                && near(argb >> 16 & 255, actual >> 16 & 255)
                && near(argb >> 8 & 255, actual >> 8 & 255)
                && near(argb & 255, actual & 255);
    }

    boolean covers(ArgbPixels.Line line) {
        long allowed = line.length() * SPECKS_PER_MILLE / 1000;
        int specks = 0;
        for (int i = 0; i < line.length(); i++) {
            if (!covers(line.pixel(i)) && ++specks > allowed) {
                return false;
            }
        }
        return true;
    }

    private boolean near(int expected, int actual) {
        return Math.abs(expected - actual) <= tolerance;
    }

    private static int visible(int pixel) {
        return pixel >>> 24 < TRANSPARENT_BELOW ? 0 : pixel;
    }
}
