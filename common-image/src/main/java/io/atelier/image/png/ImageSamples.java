package io.atelier.image.png;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.DeflaterOutputStream;

/**
 * The samples of a Java image as a PNG has them. They are read from the raster: {@link BufferedImage#getRGB} would convert grey by the gamma
 * of Java's grey colour space, which no file means, and would cut 16 bits down to 8.
 */
final class ImageSamples implements RowSource {

    private final BufferedImage image;
    private final PngHeader header;
    private final List<PngChunk> colourChunks;
    private final RowSource rows;
    private final boolean isPacked;
    private int[] line = {};

    private ImageSamples(BufferedImage image, ColourType colourType, int bitDepth, List<PngChunk> colourChunks) {
        this(image, PngHeader.of(image.getWidth(), image.getHeight(), colourType, bitDepth), colourChunks, false);
    }

    private ImageSamples(BufferedImage image, PngHeader header, List<PngChunk> colourChunks, boolean converted) {
        this.image = image;
        this.header = header;
        this.colourChunks = colourChunks;
        this.isPacked = image.getType() == BufferedImage.TYPE_INT_RGB || image.getType() == BufferedImage.TYPE_INT_ARGB;
        this.rows = converted ? this::readConverted : this::readRaster;
    }

    static ImageSamples of(BufferedImage image) {
        var model = image.getColorModel();
        if (model instanceof IndexColorModel palette && palette.getMapSize() <= 256 && isByte(model)) {
            return new ImageSamples(image, ColourType.PALETTE, 8, palette(palette));
        }
        if (model instanceof ComponentColorModel
                && (isByte(model) || isShort(model))
                && !model.isAlphaPremultiplied()) {
            int bits = isByte(model) ? 8 : 16;
            int type = model.getColorSpace().getType();
            boolean isWhole = true;
            for (int size : model.getComponentSize()) {
                isWhole &= size == bits;
            }
            if (isWhole && type == ColorSpace.TYPE_GRAY) {
                return new ImageSamples(
                        image, model.hasAlpha() ? ColourType.GREY_ALPHA : ColourType.GREY, bits, profile(model));
            }
            if (isWhole && type == ColorSpace.TYPE_RGB) {
                return new ImageSamples(
                        image, model.hasAlpha() ? ColourType.RGB_ALPHA : ColourType.RGB, bits, profile(model));
            }
        }
        var type = model.hasAlpha() ? ColourType.RGB_ALPHA : ColourType.RGB;
        return new ImageSamples(image, PngHeader.of(image.getWidth(), image.getHeight(), type, 8), List.of(), true);
    }

    /** The chunk iCCP with the profile. */
    static PngChunk profileChunk(byte[] profile) {
        var body = new ByteArrayOutputStream();
        body.writeBytes("ICC profile\0\0".getBytes(StandardCharsets.US_ASCII));
        try (var out = new DeflaterOutputStream(body)) {
            out.write(profile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new PngChunk("iCCP", body.toByteArray());
    }

    PngHeader header() {
        return header;
    }

    List<PngChunk> colourChunks() {
        return colourChunks;
    }

    @Override
    public void read(int y, byte[] row) {
        rows.read(y, row);
    }

    private void readRaster(int y, byte[] row) {
        line = image.getRaster().getPixels(0, y, image.getWidth(), 1, line.length == 0 ? null : line);
        int at = 0;
        for (int sample : line) {
            if (header.bitDepth() == 16) {
                row[at++] = (byte) (sample >> 8);
            }
            row[at++] = (byte) sample;
        }
    }

    private void readConverted(int y, byte[] row) {
        if (isPacked) {
            // The same numbers as those of getRGB, which converts each pixel by itself.
            line = (int[]) image.getRaster().getDataElements(0, y, image.getWidth(), 1, line.length == 0 ? null : line);
        } else {
            line = image.getRGB(0, y, image.getWidth(), 1, line.length == 0 ? null : line, 0, image.getWidth());
        }
        int at = 0;
        for (int argb : line) {
            row[at++] = (byte) (argb >> 16);
            row[at++] = (byte) (argb >> 8);
            row[at++] = (byte) argb;
            if (header.colourType() == ColourType.RGB_ALPHA) {
                row[at++] = (byte) (argb >>> 24);
            }
        }
    }

    private static boolean isByte(ColorModel model) {
        return model.getTransferType() == DataBuffer.TYPE_BYTE;
    }

    private static boolean isShort(ColorModel model) {
        return model.getTransferType() == DataBuffer.TYPE_USHORT;
    }

    private static List<PngChunk> palette(IndexColorModel palette) {
        int size = palette.getMapSize();
        var colours = new byte[3 * size];
        var alphas = new byte[size];
        for (int i = 0; i < size; i++) {
            colours[3 * i] = (byte) palette.getRed(i);
            colours[3 * i + 1] = (byte) palette.getGreen(i);
            colours[3 * i + 2] = (byte) palette.getBlue(i);
            alphas[i] = (byte) palette.getAlpha(i);
        }
        var colourChunk = new PngChunk("PLTE", colours);
        return palette.hasAlpha() ? List.of(colourChunk, new PngChunk("tRNS", alphas)) : List.of(colourChunk);
    }

    /** The profile of a colour space other than Java's own sRGB and grey, which stand for files without a profile. */
    private static List<PngChunk> profile(ColorModel model) {
        var space = model.getColorSpace();
        boolean isOwn = space.isCS_sRGB() || space.equals(ColorSpace.getInstance(ColorSpace.CS_GRAY));
        return space instanceof ICC_ColorSpace icc && !isOwn
                ? List.of(profileChunk(data(icc.getProfile())))
                : List.of();
    }

    private static byte[] data(ICC_Profile profile) {
        return profile.getData();
    }
}
