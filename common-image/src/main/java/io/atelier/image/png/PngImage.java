package io.atelier.image.png;

import io.atelier.contract.image.Provenance.ContentCredentials;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An image with the samples of a PNG, in their colour type and bit depth, with palette, transparency, ICC profile, gamma and resolution. The
 * samples are held compressed, as in the file. Immutable.
 */
public final class PngImage {

    private final PngHeader header;
    private final List<PngChunk> colourChunks;
    private final byte[] compressed;
    private final List<String> warnings;
    private final ContentCredentials credentials;
    private final byte @Nullable [] signedFile;

    /** @param compressed the rows, filtered, as one zlib stream; must not change */
    PngImage(PngHeader header, List<PngChunk> colourChunks, byte[] compressed, List<String> warnings) {
        this(header, colourChunks, compressed, warnings, ContentCredentials.NONE, null);
    }

    private PngImage(
            PngHeader header,
            List<PngChunk> colourChunks,
            byte[] compressed,
            List<String> warnings,
            ContentCredentials credentials,
            byte @Nullable [] signedFile) {
        this.header = header;
        this.colourChunks = List.copyOf(colourChunks);
        this.compressed = compressed;
        this.warnings = List.copyOf(warnings);
        this.credentials = credentials;
        this.signedFile = signedFile;
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
        return new PngImage(header, colourChunks, compressed, others, credentials, signedFile);
    }

    /**
     * A copy that is to be stored as the file that it was read from, because that has a C2PA manifest.
     *
     * @param file the bytes of the PNG; must not change
     */
    @SuppressWarnings("EI_EXPOSE_REP2")
    public PngImage signedAs(byte[] file) {
        return new PngImage(header, colourChunks, compressed, warnings, ContentCredentials.KEPT, file);
    }

    /**
     * A copy that says that it was converted from a file of another format that has a C2PA manifest.
     *
     * @param file the bytes of the file; must not change
     */
    @SuppressWarnings("EI_EXPOSE_REP2")
    public PngImage convertedFromSigned(byte[] file) {
        return new PngImage(header, colourChunks, compressed, warnings, ContentCredentials.DROPPED, file);
    }

    /** A copy that says that its pixels were made from another image, which may have had a C2PA manifest. */
    public PngImage madeFrom(PngImage original) {
        return new PngImage(
                header, colourChunks, compressed, warnings, original.credentials.ofCopy(), original.signedFile);
    }

    /**
     * A copy with the ICC profile of its samples, in place of any other profile.
     *
     * @param profile as in an {@code .icc} file
     */
    public PngImage withProfile(byte[] profile) {
        return new PngImage(header, List.of(ImageSamples.profileChunk(profile)), compressed, warnings).madeFrom(this);
    }

    /** What became of the C2PA manifest of the file that the image was read from. */
    public ContentCredentials credentials() {
        return credentials;
    }

    /** The file itself, not a copy, if it has a C2PA manifest and must therefore be stored byte for byte. */
    public Optional<byte[]> signedFile() {
        return credentials == ContentCredentials.KEPT ? Optional.ofNullable(signedFile) : Optional.empty();
    }

    /** The file itself, not a copy, that has the C2PA manifest that this image lost. It is to be kept beside the image. */
    public Optional<byte[]> signedOriginal() {
        return credentials == ContentCredentials.DROPPED ? Optional.ofNullable(signedFile) : Optional.empty();
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
