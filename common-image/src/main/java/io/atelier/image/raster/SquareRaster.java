package io.atelier.image.raster;

import io.atelier.contract.image.ImageSize;
import java.awt.image.BufferedImage;

/** The square output of a model: three planes of floats for red, green and blue, each row by row, with values from -1 to 1 (full intensity). */
public final class SquareRaster {

    private static final int CHANNELS = 3;

    private final int side;
    private final float[] planes;

    /**
     * Creates a raster; the array is not copied.
     *
     * @param side width and height in pixels
     * @param planes 3 x side x side floats
     * @throws IllegalArgumentException if the array has another length
     */
    public SquareRaster(int side, float[] planes) {
        if (planes.length != CHANNELS * side * side) {
            throw new IllegalArgumentException(
                    "Expected 3 planes of %1$d x %1$d floats; got %2$d floats".formatted(side, planes.length));
        }
        this.side = side;
        this.planes = planes;
    }

    /** Scales the raster with Lanczos-3 until it covers the size, and crops the overhang evenly on both sides. */
    public BufferedImage render(ImageSize size) {
        double scale = Math.max(size.width(), size.height()) / (double) side;
        var across = LanczosAxis.centred(side, size.width(), scale);
        var down = LanczosAxis.centred(side, size.height(), scale);
        var stretched = stretch(across);
        var image = new BufferedImage(size.width(), size.height(), BufferedImage.TYPE_INT_RGB);
        var row = new int[size.width()];
        for (int y = 0; y < size.height(); y++) {
            for (int x = 0; x < row.length; x++) {
                row[x] = pixel(stretched, down, x, y);
            }
            image.getRaster().setDataElements(0, y, row.length, 1, row);
        }
        return image;
    }

    private float[] stretch(LanczosAxis across) {
        int width = across.length();
        var stretched = new float[CHANNELS * side * width];
        for (int line = 0; line < CHANNELS * side; line++) {
            for (int x = 0; x < width; x++) {
                stretched[line * width + x] = across.at(x, planes, line * side, 1);
            }
        }
        return stretched;
    }

    private int pixel(float[] stretched, LanczosAxis down, int x, int y) {
        int width = stretched.length / (CHANNELS * side);
        int rgb = 0;
        for (int channel = 0; channel < CHANNELS; channel++) {
            rgb = rgb << 8 | toByte(down.at(y, stretched, channel * side * width + x, width));
        }
        return rgb;
    }

    private static int toByte(float value) {
        return Math.min(255, Math.max(0, Math.round((value + 1) * 127.5f)));
    }
}
