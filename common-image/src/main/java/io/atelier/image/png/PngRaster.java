package io.atelier.image.png;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** The samples of an image, not compressed: row by row, each row packed as in a PNG and filled up to whole bytes. Immutable. */
public final class PngRaster {

    private static final int OPAQUE = 0xFF000000;

    private final PngHeader header;
    private final List<PngChunk> colourChunks;
    private final byte[] samples;
    private final PixelColours colours;

    /** The bytes of a pixel whose samples are the channels of its colour; 0 for any other form of samples. */
    private final int pixelBytes;

    private PngRaster(PngHeader header, List<PngChunk> colourChunks, byte[] samples) {
        this.header = header;
        this.colourChunks = colourChunks;
        this.samples = samples;
        this.colours = new PixelColours(header, colourChunks);
        this.pixelBytes = colours.areSamples() ? header.colourType().channels() : 0;
    }

    /**
     * Reads a PNG file. Its samples are decompressed once, and all of it is checked.
     *
     * @param file the bytes of the file
     * @throws PngFormatException if it is not a complete and valid PNG
     */
    public static PngRaster read(byte[] file) throws PngFormatException {
        return read(file, (raster, rows) -> {});
    }

    /**
     * Reads a PNG file, and lets its upper part be looked at while the rest is being read.
     *
     * @throws PngFormatException if it is not a complete and valid PNG; what was made of its upper part is worth nothing then
     */
    public static PngRaster read(byte[] file, Progress progress) throws PngFormatException {
        return new PngReader(file).readRaster(progress);
    }

    /** The samples of a Java image, as {@link PngImage#of} takes them. */
    public static PngRaster of(BufferedImage image) {
        var rows = ImageSamples.of(image);
        var samples = new byte[Math.toIntExact(rows.header().sampleBytes())];
        int length = rows.header().rowBytes();
        var row = new byte[length];
        for (int y = 0; y < rows.header().height(); y++) {
            rows.read(y, row);
            System.arraycopy(row, 0, samples, y * length, length);
        }
        return new PngRaster(rows.header(), rows.colourChunks(), samples);
    }

    /** @throws IllegalArgumentException if the stream is damaged; it was checked when the image was read */
    static PngRaster decompress(PngHeader header, List<PngChunk> colourChunks, byte[] compressed) {
        var samples = new SampleRows(header, colourChunks, (raster, rows) -> {});
        try {
            PngRows.visit(header, PngRows.CompressedBytes.of(compressed), samples);
        } catch (PngFormatException e) {
            throw new IllegalArgumentException("The image was changed after it was read.", e);
        }
        return samples.raster();
    }

    /** Receives how far the reading is. */
    @FunctionalInterface
    public interface Progress {

        /**
         * The first rows are read. Called after each row of an image that is not interlaced, by the thread that reads.
         *
         * @param raster the image, whose other rows must not be looked at yet
         * @param rows how many are complete
         */
        void rowsRead(PngRaster raster, int rows);
    }

    /** Puts rows at their places in a raster. */
    static final class SampleRows implements PngRows.Visitor {

        private final PngHeader header;
        private final PngRaster raster;
        private final Progress progress;

        SampleRows(PngHeader header, List<PngChunk> colourChunks, Progress progress) {
            this.header = header;
            var plain = header.resized(header.width(), header.height());
            this.raster = new PngRaster(plain, colourChunks, new byte[Math.toIntExact(plain.sampleBytes())]);
            this.progress = progress;
        }

        @Override
        public void row(PngRows.Pass pass, int y, byte[] row) {
            var plain = raster.header;
            int offset = (pass.y() + y * pass.dy()) * plain.rowBytes();
            PngRows.copy(row, 0, raster.samples, offset, pass.x(), pass.dx(), pass.width(header), plain.bitsPerPixel());
            if (!header.interlaced()) {
                progress.rowsRead(raster, y + 1);
            }
        }

        PngRaster raster() {
            return raster;
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
        return new PngRaster(target, turned ? turned(colourChunks) : colourChunks, moved);
    }

    /** The chunks with the resolutions of both directions swapped. */
    private static List<PngChunk> turned(List<PngChunk> chunks) {
        return chunks.stream().map(PngRaster::turned).toList();
    }

    private static PngChunk turned(PngChunk chunk) {
        var body = chunk.body();
        if (!chunk.type().equals("pHYs") || body.length < 2 * Integer.BYTES) {
            return chunk;
        }
        var stored = ByteBuffer.wrap(body);
        var swapped = body.clone();
        ByteBuffer.wrap(swapped).putInt(stored.getInt(Integer.BYTES)).putInt(stored.getInt(0));
        return new PngChunk(chunk.type(), swapped);
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
     * The colour of a pixel with 8 bits per channel, for programs that look at it: grey as equal red, green and blue, 16 bits cut to the upper 8,
     * palette and transparency applied. Colour profile and gamma are not applied.
     *
     * @return alpha in the highest bits, then red, green and blue
     */
    public int argb(int x, int y) {
        if (pixelBytes == 0) {
            return colours.argb(this, x, y);
        }
        int at = (y * header.width() + x) * pixelBytes;
        int alpha = pixelBytes == 4 ? samples[at + 3] << 24 : OPAQUE;
        return alpha | (samples[at] & 0xFF) << 16 | (samples[at + 1] & 0xFF) << 8 | (samples[at + 2] & 0xFF);
    }

    /** The number of values that {@link #readRow} writes for a pixel: 1 for grey, 3 for colours, and one more if pixels may be transparent. */
    public int channels() {
        return colours.channels();
    }

    /** Whether pixels may be transparent. */
    public boolean hasAlpha() {
        return colours.hasAlpha();
    }

    /**
     * The colours of a row, for programs that compute with them: 16 bits per channel, palette and transparency applied, alpha last and not
     * multiplied into the others. Colour profile and gamma are not applied.
     *
     * @param target at least width times {@link #channels} values, from 0 to 65535
     */
    public void readRow(int y, int[] target) {
        if (pixelBytes == 0) {
            colours.readRow(this, y, target);
            return;
        }
        int length = header.rowBytes();
        int offset = y * length;
        for (int i = 0; i < length; i++) {
            target[i] = (samples[offset + i] & 0xFF) * 257;
        }
    }

    /** The ICC profile of the samples; empty if there is none, or if it is damaged or larger than 4 MiB. */
    public Optional<byte[]> profile() {
        return colourChunks.stream()
                .filter(chunk -> chunk.type().equals(ProfileChunk.TYPE))
                .findFirst()
                .flatMap(ProfileChunk::profile);
    }

    /** The image with the colours of {@link #argb}. */
    public BufferedImage toBufferedImage() {
        int type = colours.hasAlpha() ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB;
        var image = new BufferedImage(header.width(), header.height(), type);
        var pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        int at = 0;
        for (int y = 0; y < header.height(); y++) {
            for (int x = 0; x < header.width(); x++) {
                pixels[at++] = argb(x, y);
            }
        }
        return image;
    }
}
