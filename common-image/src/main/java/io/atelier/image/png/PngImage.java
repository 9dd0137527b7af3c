package io.atelier.image.png;

import java.awt.image.BufferedImage;
import java.util.List;

/**
 * An image with the samples of a PNG, in their colour type and bit depth, with palette, transparency, ICC profile, gamma and resolution. The
 * samples are held compressed, as in the file. Immutable.
 */
public final class PngImage {

    private final PngHeader header;
    private final List<PngChunk> colourChunks;
    private final byte[] compressed;
    private final List<String> warnings;

    /** @param compressed the rows, filtered, as one zlib stream; must not change */
    PngImage(PngHeader header, List<PngChunk> colourChunks, byte[] compressed, List<String> warnings) {
        this.header = header;
        this.colourChunks = List.copyOf(colourChunks);
        this.compressed = compressed;
        this.warnings = List.copyOf(warnings);
    }

    /**
     * The samples of a Java image: grey, grey with alpha, RGB and RGB with alpha of 8 and 16 bits and palettes are taken as they are, with the
     * ICC profile of a colour space other than sRGB; any other image is converted to 8-bit sRGB.
     */
    public static PngImage of(BufferedImage image) {
        var samples = ImageSamples.of(image);
        return new PngImage(
                samples.header(), samples.colourChunks(), RowCompressor.compress(samples.header(), samples), List.of());
    }

    /**
     * Reads a PNG file. All samples are decompressed once, a row at a time, so that a file that is damaged or cut off is never accepted; the
     * memory needed is that of two rows.
     *
     * @param bytes the file
     * @throws PngFormatException if it is not a complete and valid PNG
     */
    public static PngImage read(byte[] bytes) throws PngFormatException {
        return new PngReader(bytes).read();
    }

    /**
     * The header of a PNG file, of which only the first bytes are read: its size is known before anything is decompressed.
     *
     * @throws PngFormatException if the file does not begin with the signature and a valid header
     */
    public static PngHeader header(byte[] bytes) throws PngFormatException {
        return new PngReader(bytes).header();
    }

    public PngHeader header() {
        return header;
    }

    public int width() {
        return header.width();
    }

    public int height() {
        return header.height();
    }

    /** What was lost when the image was converted from another format, in whole sentences; empty for a PNG. */
    public List<String> warnings() {
        return warnings;
    }

    /** A copy with warnings. */
    public PngImage withWarnings(List<String> others) {
        return new PngImage(header, colourChunks, compressed, others);
    }

    /**
     * A copy with the ICC profile of its samples, in place of any other profile.
     *
     * @param profile as in an {@code .icc} file
     */
    public PngImage withProfile(byte[] profile) {
        return new PngImage(header, List.of(ImageSamples.profileChunk(profile)), compressed, warnings);
    }

    /** The decompressed samples; {@link PngHeader#sampleBytes} of memory. */
    public PngRaster raster() {
        return PngRaster.decompress(header, colourChunks, compressed);
    }

    List<PngChunk> colourChunks() {
        return colourChunks;
    }

    /** The zlib stream itself, not a copy. */
    @SuppressWarnings("EI_EXPOSE_REP")
    byte[] compressed() {
        return compressed;
    }
}
