package io.atelier.image.raster;

import io.atelier.contract.image.ImageSize;
import java.awt.image.BufferedImage;

/** A square picture as a model gives it: three planes of floats, red, green, blue, each row by row, -1 for black and 1 for full. */
public final class SquareRaster {

    private static final int CHANNELS = 3;

    private final int side;
    private final float[] planes;

    /**
     * Takes over the planes.
     *
     * @param planes 3 x side x side floats
     */
    public SquareRaster(int side, float[] planes) {
        if (planes.length != CHANNELS * side * side) {
            throw new IllegalArgumentException(
                    "%d floats are no three planes of %2$d x %2$d".formatted(planes.length, side));
        }
        this.side = side;
        this.planes = planes;
    }

    /** The picture in the given size: enlarged or reduced by Lanczos-3 until it covers it, the overhang cut off evenly on both sides. */
    public BufferedImage render(ImageSize size) {
        double scale = Math.max(size.width(), size.height()) / (double) side;
        var across = LanczosAxis.centred(side, size.width(), scale);
        var down = LanczosAxis.centred(side, size.height(), scale);
        var widened = widen(across);
        var image = new BufferedImage(size.width(), size.height(), BufferedImage.TYPE_INT_RGB);
        var row = new int[size.width()];
        for (int y = 0; y < size.height(); y++) {
            for (int x = 0; x < row.length; x++) {
                row[x] = pixel(widened, down, x, y);
            }
            image.getRaster().setDataElements(0, y, row.length, 1, row);
        }
        return image;
    }

    private float[] widen(LanczosAxis across) {
        int width = across.length();
        var widened = new float[CHANNELS * side * width];
        for (int line = 0; line < CHANNELS * side; line++) {
            for (int x = 0; x < width; x++) {
                widened[line * width + x] = across.at(x, planes, line * side, 1);
            }
        }
        return widened;
    }

    private int pixel(float[] widened, LanczosAxis down, int x, int y) {
        int width = widened.length / (CHANNELS * side);
        int rgb = 0;
        for (int channel = 0; channel < CHANNELS; channel++) {
            rgb = rgb << 8 | toByte(down.at(y, widened, channel * side * width + x, width));
        }
        return rgb;
    }

    private static int toByte(float value) {
        return Math.min(255, Math.max(0, Math.round((value + 1) * 127.5f)));
    }
}
