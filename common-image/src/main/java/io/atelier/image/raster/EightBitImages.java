package io.atelier.image.raster;

import io.atelier.image.png.PngRaster;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;

/**
 * Makes Java images with 8 bits per channel from rasters. Grey stays grey, a palette becomes colours, alpha is kept. Values are never converted
 * between colour spaces: they keep the meaning that the profile of the raster gives them.
 */
public final class EightBitImages {

    private EightBitImages() {}

    /** The image in its size. 16 bits are rounded to the nearest of 8 bits. */
    public static BufferedImage of(PngRaster raster) {
        int width = raster.header().width();
        int channels = raster.channels();
        var row = new int[width * channels];
        var samples = new byte[Math.multiplyExact(row.length, raster.header().height())];
        int at = 0;
        for (int y = 0; y < raster.header().height(); y++) {
            raster.readRow(y, row);
            for (int value : row) {
                samples[at++] = (byte) to8(value);
            }
        }
        return image(width, raster.header().height(), channels, samples);
    }

    /** The image before a white background, without alpha; the same image if it has none. */
    public static BufferedImage beforeWhite(BufferedImage image) {
        if (!image.getColorModel().hasAlpha()) {
            return image;
        }
        int channels = image.getRaster().getNumBands() - 1;
        int width = image.getWidth();
        var samples = new byte[width * image.getHeight() * channels];
        int[] row = null;
        int at = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            row = image.getRaster().getPixels(0, y, width, 1, row);
            for (int x = 0; x < width; x++) {
                int pixel = x * (channels + 1);
                int alpha = row[pixel + channels];
                for (int channel = 0; channel < channels; channel++) {
                    samples[at++] = (byte) ((row[pixel + channel] * alpha + 255 * (255 - alpha) + 127) / 255);
                }
            }
        }
        return image(width, image.getHeight(), channels, samples);
    }

    /**
     * An image of samples, which are not copied.
     *
     * @param channels 1 for grey, 2 for grey and alpha, 3 for colours, 4 for colours and alpha
     */
    static BufferedImage image(int width, int height, int channels, byte[] samples) {
        boolean isGrey = channels <= 2;
        boolean hasAlpha = channels == 2 || channels == 4;
        var model = new ComponentColorModel(
                ColorSpace.getInstance(isGrey ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB),
                hasAlpha,
                false,
                hasAlpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE,
                DataBuffer.TYPE_BYTE);
        var offsets = new int[channels];
        for (int channel = 0; channel < channels; channel++) {
            offsets[channel] = channel;
        }
        var raster = Raster.createInterleavedRaster(
                new DataBufferByte(samples, samples.length), width, height, width * channels, channels, offsets, null);
        return new BufferedImage(model, raster, false, null);
    }

    /** 16 bits to the nearest of 8 bits. */
    static int to8(int value) {
        return (value + 128) / 257;
    }
}
