package io.atelier.image.png;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.List;

/** The samples of an image, not compressed: row by row, each row packed as in a PNG and filled up to whole bytes. Immutable. */
public final class PngRaster {

    private final PngHeader header;
    private final List<PngChunk> colourChunks;
    private final byte[] samples;

    private PngRaster(PngHeader header, List<PngChunk> colourChunks, byte[] samples) {
        this.header = header;
        this.colourChunks = colourChunks;
        this.samples = samples;
    }

    /**
     * Reads a PNG file. Its samples are decompressed once, and all of it is checked.
     *
     * @param file the bytes of the file
     * @throws PngFormatException if it is not a complete and valid PNG
     */
    public static PngRaster read(byte[] file) throws PngFormatException {
        return new PngReader(file).readRaster();
    }

    /** @throws IllegalArgumentException if the stream is damaged; it was checked when the image was read */
    static PngRaster decompress(PngHeader header, List<PngChunk> colourChunks, byte[] compressed) {
        var samples = new SampleRows(header);
        try {
            PngRows.visit(header, compressed, samples);
        } catch (PngFormatException e) {
            throw new IllegalArgumentException("The image was changed after it was read.", e);
        }
        return samples.raster(colourChunks);
    }

    /** Puts rows at their places in a raster. */
    static final class SampleRows implements PngRows.Visitor {

        private final PngHeader header;
        private final PngHeader plain;
        private final byte[] samples;

        SampleRows(PngHeader header) {
            this.header = header;
            this.plain = header.resized(header.width(), header.height());
            this.samples = new byte[Math.toIntExact(plain.sampleBytes())];
        }

        @Override
        public void row(PngRows.Pass pass, int y, byte[] row) {
            int offset = (pass.y() + y * pass.dy()) * plain.rowBytes();
            PngRows.copy(row, 0, samples, offset, pass.x(), pass.dx(), pass.width(header), plain.bitsPerPixel());
        }

        PngRaster raster(List<PngChunk> colourChunks) {
            return new PngRaster(plain, colourChunks, samples);
        }
    }

    /** The header; never interlaced. */
    public PngHeader header() {
        return header;
    }

    /** The whole image. */
    public PngImage image() {
        return image(0, 0, header.width(), header.height());
    }

    /** A part of the image, with the same samples, palette, transparency, profile, gamma and resolution. */
    public PngImage image(int x, int y, int width, int height) {
        if (x < 0 || y < 0 || x + width > header.width() || y + height > header.height()) {
            throw new IllegalArgumentException("%d x %d pixels at %d, %d are not within %d x %d"
                    .formatted(width, height, x, y, header.width(), header.height()));
        }
        var part = header.resized(width, height);
        return new PngImage(part, colourChunks, RowCompressor.compress(part, rows(x, y, width)), List.of());
    }

    private RowSource rows(int x, int y, int width) {
        int bits = header.bitsPerPixel();
        if (bits >= 8) {
            int bytes = bits / 8;
            return (row, target) ->
                    System.arraycopy(samples, (y + row) * header.rowBytes() + x * bytes, target, 0, width * bytes);
        }
        var line = new byte[header.rowBytes()];
        return (row, target) -> {
            System.arraycopy(samples, (y + row) * header.rowBytes(), line, 0, line.length);
            PngRows.copy(line, x, target, 0, 0, 1, width, bits);
        };
    }

    /**
     * The image after it was rotated and mirrored.
     *
     * @param orientation 1 to 8 as in Exif: what is to be done with the stored image to show it upright
     */
    public PngRaster oriented(int orientation) {
        if (orientation <= 1 || orientation > 8) {
            return this;
        }
        boolean turned = orientation >= 5;
        var target =
                header.resized(turned ? header.height() : header.width(), turned ? header.width() : header.height());
        var moved = new byte[Math.toIntExact(target.sampleBytes())];
        var line = new byte[header.rowBytes()];
        int right = header.width() - 1;
        int bottom = header.height() - 1;
        for (int y = 0; y <= bottom; y++) {
            System.arraycopy(samples, y * header.rowBytes(), line, 0, line.length);
            for (int x = 0; x <= right; x++) {
                int toX = switch (orientation) {
                    case 2, 3 -> right - x;
                    case 5, 8 -> y;
                    case 6, 7 -> bottom - y;
                    default -> x;
                };
                int toY = switch (orientation) {
                    case 3, 4 -> bottom - y;
                    case 5, 6 -> x;
                    case 7, 8 -> right - x;
                    default -> y;
                };
                PngRows.copy(line, x, moved, toY * target.rowBytes(), toX, 1, 1, header.bitsPerPixel());
            }
        }
        return new PngRaster(target, colourChunks, moved);
    }

    /**
     * One sample.
     *
     * @param channel in the order of the colour type, from 0
     * @return from 0 to 2 to the power of the bit depth, less 1; the index of a palette
     */
    public int sample(int x, int y, int channel) {
        int offset = y * header.rowBytes();
        int depth = header.bitDepth();
        int number = x * header.colourType().channels() + channel;
        if (depth < 8) {
            return PngRows.bits(samples, offset, number, depth);
        }
        int at = offset + number * depth / 8;
        return depth == 8 ? samples[at] & 0xFF : ((samples[at] & 0xFF) << 8) | (samples[at + 1] & 0xFF);
    }

    /**
     * The image with 8 bits per channel for programs that look at it: grey as equal red, green and blue, 16 bits cut to the upper 8, palette and
     * transparency applied. Colour profile and gamma are not applied.
     */
    public BufferedImage toBufferedImage() {
        var colours = new PixelColours(header, colourChunks);
        boolean hasAlpha = colours.hasAlpha();
        var image = new BufferedImage(
                header.width(), header.height(), hasAlpha ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
        var pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        if (colours.areSamples()) {
            fill(pixels);
            return image;
        }
        int at = 0;
        for (int y = 0; y < header.height(); y++) {
            for (int x = 0; x < header.width(); x++) {
                pixels[at++] = colours.argb(this, x, y);
            }
        }
        return image;
    }

    /** The pixels of 8-bit RGB with or without alpha, which most images have; many times faster than sample by sample. */
    private void fill(int[] pixels) {
        int channels = header.colourType().channels();
        int from = 0;
        for (int at = 0; at < pixels.length; at++) {
            int alpha = channels == 4 ? samples[from + 3] << 24 : 0xFF000000;
            pixels[at] =
                    alpha | (samples[from] & 0xFF) << 16 | (samples[from + 1] & 0xFF) << 8 | (samples[from + 2] & 0xFF);
            from += channels;
        }
    }
}
