package io.atelier.generator.engine.testcard;

/** Colours as {@code 0xRRGGBB}. */
final class Colours {

    static final int WHITE = 0xFFFFFF;

    private Colours() {}

    /**
     * A colour of the colour wheel.
     *
     * @param hue in degrees, 0 for red; numbers outside 0 to 359 wrap around
     * @param lightness the brightest channel, 0 to 255
     * @param depth by how much the darkest channel is lower, 0 to {@code lightness}
     */
    static int wheel(int hue, int lightness, int depth) {
        int angle = Math.floorMod(hue, 360);
        int low = lightness - depth;
        int ramp = depth * (60 - Math.abs(angle % 120 - 60)) / 60;
        int mid = low + ramp;
        return switch (angle / 60) {
            case 0 -> rgb(lightness, mid, low);
            case 1 -> rgb(mid, lightness, low);
            case 2 -> rgb(low, lightness, mid);
            case 3 -> rgb(low, mid, lightness);
            case 4 -> rgb(mid, low, lightness);
            default -> rgb(lightness, low, mid);
        };
    }

    /** The colour at {@code part / whole} of the way between two colours. */
    static int between(int from, int to, int part, int whole) {
        int colour = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int start = from >> shift & 0xFF;
            int end = to >> shift & 0xFF;
            colour |= (start + (end - start) * part / whole) << shift;
        }
        return colour;
    }

    private static int rgb(int red, int green, int blue) {
        return red << 16 | green << 8 | blue;
    }
}
