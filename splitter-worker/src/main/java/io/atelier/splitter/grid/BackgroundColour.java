package io.atelier.splitter.grid;

/**
 * The colour between and around the tiles of a grid. All transparent pixels are the same colour, whatever lies under them.
 *
 * @param argb its four channels, alpha first
 * @param tolerance how far each channel of a blank pixel may be from it
 */
record BackgroundColour(int argb, int tolerance) {

    /** So many of a thousand pixels may be otherwise in a blank line: a speck does not keep a border from being one. */
    private static final long SPECKS_PER_MILLE = 5;

    private static final int TRANSPARENT_BELOW = 8;

    BackgroundColour {
        argb = visible(argb);
    }

    /** The same colour, less strict. */
    BackgroundColour within(int wider) {
        return new BackgroundColour(argb, wider);
    }

    boolean covers(int pixel) {
        if (pixel == argb) {
            return true;
        }
        int seen = visible(pixel);
        return near(argb >>> 24, seen >>> 24)
                && near(argb >> 16 & 255, seen >> 16 & 255)
                && near(argb >> 8 & 255, seen >> 8 & 255)
                && near(argb & 255, seen & 255);
    }

    boolean covers(int[] line) {
        long allowed = line.length * SPECKS_PER_MILLE / 1000;
        int specks = 0;
        for (int pixel : line) {
            if (!covers(pixel) && ++specks > allowed) {
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
