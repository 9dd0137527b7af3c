package io.atelier.image.decode;

import io.atelier.contract.image.DigitalSourceType;
import io.atelier.image.decode.ImageDecodingException.Reason;
import io.atelier.image.exif.ExifOrientation;
import io.atelier.image.png.ColourType;
import io.atelier.image.png.PngFileMetadata;
import io.atelier.image.png.PngFormatException;
import io.atelier.image.png.PngImage;
import io.atelier.image.png.PngRaster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Decodes untrusted image files. The samples of a PNG are taken as they are, with palette, transparency, ICC profile, gamma and resolution. JPEG
 * and WebP become 8-bit sRGB or grey. All are upright as their Exif data says. A PNG with a C2PA manifest is kept as a file, too. A GIF keeps its palette. Of an animation the first image is taken. A file that is damaged or cut off is refused, never filled up with grey.
 * Thread-safe.
 */
public final class ImageFileDecoder {

    /** The orientation of an image whose pixels are in the order in which they are shown. */
    public static final int UPRIGHT = ExifOrientation.UPRIGHT;

    /** Bytes that a decoder of Java needs for a pixel at most: the image and its compressed form, which is copied as it grows; for WebP also its blocks. */
    private static final int JPEG_BYTES_PER_PIXEL = 10;

    private static final int WEBP_BYTES_PER_PIXEL = 32;

    /** Further bytes for an image that is turned: its samples before and after. */
    private static final int TURNED_BYTES_PER_PIXEL = 8;

    /** The samples of a PNG before and after it is turned, and compressed again. */
    private static final int PNG_COPIES_TURNED = 3;

    /** Progressive files have some ten. Each scan takes the time of a whole image, even if it has only a few bytes. */
    private static final int MAX_SCANS = 100;

    private static final String ANIMATION = "The file is an animation, of which only the first image was taken.";

    private final DecodingBudget budget;
    private final long maxPixels;

    /** @param maxPixels width times height of the largest image that is decoded */
    public ImageFileDecoder(DecodingBudget budget, long maxPixels) {
        this.budget = budget;
        this.maxPixels = maxPixels;
    }

    /**
     * Decodes a PNG, JPEG or WebP file, or the first image of a GIF; the kind is taken from its bytes. Waits for the budget.
     *
     * @throws ImageDecodingException if the file is not decoded, with the reason
     */
    public PngImage decode(byte[] bytes) throws ImageDecodingException {
        var format = ImageFileFormat.of(bytes)
                .orElseThrow(
                        () -> invalid(bytes.length == 0 ? "it is empty" : "it is no PNG, JPEG, WebP or GIF", null));
        try {
            return switch (format) {
                case PNG -> png(bytes);
                case GIF -> origin(gif(bytes), FileStructure.of(bytes, format), bytes);
                case JPEG, WEBP -> converted(bytes, format);
            };
        } catch (PngFormatException e) {
            throw invalid(String.valueOf(e.getMessage()), e);
        } catch (OutOfMemoryError e) {
            throw new ImageDecodingException(Reason.NO_MEMORY, "this process has too little memory to decode it", e);
        }
    }

    /** How the pixels of a JPEG or WebP file came to be, as its XMP says; empty if it does not say it, and for other formats. */
    public static Optional<DigitalSourceType> sourceType(byte[] bytes) {
        return ImageFileFormat.of(bytes)
                .flatMap(format -> FileStructure.of(bytes, format).source());
    }

    /** Whether the pixels of a file are in the order in which they are shown, so that decoding does not turn them. */
    public static boolean isUpright(byte[] bytes) {
        return orientation(bytes) == UPRIGHT;
    }

    /** What is to be done with the stored pixels of a file to show them upright, 1 to 8 as in Exif; {@link #UPRIGHT} if nothing. */
    public static int orientation(byte[] bytes) {
        return ImageFileFormat.of(bytes)
                .map(format -> FileStructure.of(bytes, format).orientation())
                .orElse(UPRIGHT);
    }

    private PngImage png(byte[] bytes) throws PngFormatException, ImageDecodingException {
        var header = PngImage.header(bytes);
        checkSize(header.width(), header.height());
        // Rows are checked one by one, so the size of the file and of a row decide, not that of the image.
        var stored = budget.reserving(header.readingBytes(bytes.length), () -> PngImage.read(bytes));
        int orientation = FileStructure.of(bytes, ImageFileFormat.PNG).orientation();
        var image = orientation == ExifOrientation.UPRIGHT
                ? stored
                : budget.reserving(
                        PNG_COPIES_TURNED * header.sampleBytes(),
                        () -> stored.raster().oriented(orientation).image());
        return PngFileMetadata.read(bytes).hasContentCredentials() ? image.signedAs(bytes) : image;
    }

    private PngImage gif(byte[] bytes) throws ImageDecodingException {
        try {
            var gif = new GifDecoder(bytes);
            long pixels = checkSize(gif.width(), gif.height());
            return budget.reserving(pixels * gif.bytesPerPixel(), () -> {
                var image = PngImage.of(gif.decode());
                return gif.isAnimated() ? image.withWarnings(List.of(ANIMATION)) : image;
            });
        } catch (ImageDecodingException e) {
            throw e;
        } catch (IOException e) {
            throw invalid(String.valueOf(e.getMessage()), e);
        }
    }

    private PngImage converted(byte[] bytes, ImageFileFormat format) throws ImageDecodingException {
        var structure = FileStructure.of(bytes, format);
        if (!structure.isComplete()) {
            throw invalid("it ends early", null);
        }
        if (structure.scans() > MAX_SCANS) {
            throw invalid("it has %d scans, and at most %d are decoded".formatted(structure.scans(), MAX_SCANS), null);
        }
        var reader = reader(format);
        try (var input = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(input, true, true);
            long pixels = checkSize(reader.getWidth(0), reader.getHeight(0));
            var image = budget.reserving(pixels * bytesPerPixel(format, structure), () -> read(reader, structure));
            return origin(image, structure, bytes);
        } catch (ImageDecodingException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // Image readers throw many kinds of exceptions for damaged files.
            throw invalid("it cannot be decoded", e);
        } finally {
            reader.dispose();
        }
    }

    private static PngImage read(ImageReader reader, FileStructure structure) throws IOException {
        var remarks = new ArrayList<String>();
        reader.addIIOReadWarningListener((source, warning) -> remarks.add(warning));
        var pixels = reader.read(0);
        for (var remark : remarks) {
            // Java's reader of JPEG fills up what is missing or damaged, and reports success.
            if (remark.startsWith("Truncated") || remark.startsWith("Premature") || remark.startsWith("Corrupt")) {
                throw invalid("it is damaged or ends early (%s)".formatted(remark), null);
            }
        }
        var image = structure.orientation() == ExifOrientation.UPRIGHT
                ? PngImage.of(pixels)
                : PngRaster.of(pixels).oriented(structure.orientation()).image();
        if (image.header().colourType() == ColourType.GREY
                && structure.profile().isGrey()) {
            image = image.withProfile(structure.profile().bytes());
        }
        return image.withWarnings(warnings(remarks, structure));
    }

    private static PngImage origin(PngImage image, FileStructure structure, byte[] file) {
        return structure.hasContentCredentials() ? image.convertedFromSigned(file) : image;
    }

    private static List<String> warnings(List<String> remarks, FileStructure structure) {
        var warnings = new ArrayList<String>();
        if (structure.isAnimated()) {
            warnings.add(ANIMATION);
        }
        if (!remarks.isEmpty()) {
            warnings.add("The image file has a fault, and its colours may differ (%s)."
                    .formatted(String.join(", ", remarks)));
        }
        return warnings;
    }

    private long checkSize(int width, int height) throws ImageDecodingException {
        long pixels = (long) width * height;
        if (pixels > maxPixels) {
            throw new ImageDecodingException(
                    Reason.TOO_LARGE,
                    "it has %d x %d pixels, and at most %d pixels are decoded".formatted(width, height, maxPixels),
                    null);
        }
        return pixels;
    }

    private static long bytesPerPixel(ImageFileFormat format, FileStructure structure) {
        long plain = format == ImageFileFormat.WEBP ? WEBP_BYTES_PER_PIXEL : JPEG_BYTES_PER_PIXEL;
        return structure.orientation() == ExifOrientation.UPRIGHT ? plain : plain + TURNED_BYTES_PER_PIXEL;
    }

    private static ImageReader reader(ImageFileFormat format) throws ImageDecodingException {
        var readers = ImageIO.getImageReadersByFormatName(format.name());
        if (!readers.hasNext()) {
            throw invalid("this process has no decoder for " + format, null);
        }
        return readers.next();
    }

    private static ImageDecodingException invalid(String message, @Nullable Throwable cause) {
        return new ImageDecodingException(Reason.INVALID, message, cause);
    }
}
