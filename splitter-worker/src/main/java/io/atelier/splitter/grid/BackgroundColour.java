package io.atelier.splitter.grid;

/**
 * The background between and around the tiles of a grid: pixels of one colour, and always transparent pixels.
 *
 * @param rgb the colour, 8 bits each of red, green and blue; {@link #NONE} if only transparent pixels are background
 * @param tolerance how much each channel of a background pixel may differ from the colour, 0 to 255
 */
record BackgroundColour(int rgb, int tolerance) {

    /** No colour: only transparent pixels are background. */
    static final int NONE = -1;

    static final int WHITE = 0xFFFFFF;

    /** How many of a thousand pixels of a background line may have another colour, so that specks do not interrupt a border. */
    private static final long SPECKS_PER_MILLE = 5;

    private static final int TRANSPARENT_BELOW = 8;

    static boolean isTransparent(int pixel) {
        return pixel >>> 24 < TRANSPARENT_BELOW;
    }

    /** Whether a pixel, with 8 bits each of alpha, red, green and blue, is background. */
    boolean covers(int pixel) {
        return isTransparent(pixel)
                || (rgb != NONE
                        && isNear(rgb >> 16, pixel >> 16)
                        && isNear(rgb >> 8, pixel >> 8)
                        && isNear(rgb, pixel));
    }

    /** Whether at least 99.5 % of the pixels of a line are background. */
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

    private boolean isNear(int expected, int actual) {
        return Math.abs((expected & 255) - (actual & 255)) <= tolerance;
    }
}
