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

    /**
     * Whether any colour may cover a line; far faster than to find the colour. Of two pixels that differ by more than twice the tolerance one is
     * a speck, whatever the colour is, so that a few such pairs decide about nearly all lines of an image.
     */
    static boolean mayCover(ArgbPixels.Line line, int tolerance) {
        int half = line.length() / 2;
        long allowed = specks(line);
        int pairs = 0;
        for (int i = 0; i < half; i++) {
            var one = new BackgroundColour(line.pixel(i), 2 * tolerance);
            if (!one.covers(line.pixel(half + i)) && ++pairs > allowed) {
                return false;
            }
        }
        return true;
    }

    boolean covers(ArgbPixels.Line line) {
        long allowed = specks(line);
        int specks = 0;
        for (int i = 0; i < line.length(); i++) {
            if (!covers(line.pixel(i)) && ++specks > allowed) {
                return false;
            }
        }
        return true;
    }

    private static long specks(ArgbPixels.Line line) {
        return line.length() * SPECKS_PER_MILLE / 1000;
    }

    private boolean near(int expected, int actual) {
        return Math.abs(expected - actual) <= tolerance;
    }

    private static int visible(int pixel) {
        return pixel >>> 24 < TRANSPARENT_BELOW ? 0 : pixel;
    }
}
