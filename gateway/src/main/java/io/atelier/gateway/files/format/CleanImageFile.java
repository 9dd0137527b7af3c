package io.atelier.gateway.files.format;

import io.atelier.image.exif.ExifOrientation;
import java.util.Arrays;

/**
 * An image file without metadata: nothing that says who made it, when, where and with what. What its pixels need to look right is kept: colour
 * profile, gamma, resolution, transparency, animation, and the orientation. The pixels are not decoded, so their bytes are those of the original.
 *
 * @param mediaType {@code image/png}, {@code image/jpeg}, {@code image/webp} or {@code image/gif}
 * @param width in pixels, with the orientation applied
 * @param height in pixels, with the orientation applied
 * @param bytes the file
 */
@SuppressWarnings("ArrayRecordComponent") // Tens of megabytes, passed on once.
public record CleanImageFile(String mediaType, int width, int height, byte[] bytes) {

    /** The media types of all kinds. */
    public static final String PNG = "image/png";

    public static final String JPEG = "image/jpeg";
    public static final String WEBP = "image/webp";
    public static final String GIF = "image/gif";

    /**
     * The file without its metadata. The same for the same bytes, and unchanged if it is cleaned again. Takes time and memory in proportion to the
     * length of the file.
     *
     * @param bytes of a PNG, JPEG, WebP or GIF; which, is taken from the bytes. Not changed
     * @throws ImageFileRefused if they are something else, or if the file is damaged or cut off
     */
    public static CleanImageFile of(byte[] bytes) throws ImageFileRefused {
        var input = new FileBytes(bytes);
        if (input.startsWith(0, PngFile.SIGNATURE)) {
            return PngFile.clean(input);
        }
        if (input.startsWith(0, JpegFile.SIGNATURE)) {
            return JpegFile.clean(input);
        }
        if (input.startsWith(0, GifFile.SIGNATURE)) {
            return GifFile.clean(input);
        }
        if (input.startsWith(0, WebpFile.RIFF) && input.startsWith(8, WebpFile.SIGNATURE)) {
            return WebpFile.clean(input);
        }
        throw new ImageFileRefused(
                bytes.length == 0 ? "is empty." : "is no image: its bytes are not those of a PNG, JPEG, WebP or GIF.");
    }

    /** Width times height. */
    public long pixels() {
        return (long) width * height;
    }

    static CleanImageFile of(String mediaType, long width, long height, int orientation, FileOutput output)
            throws ImageFileRefused {
        if (width < 1 || height < 1 || width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
            throw new ImageFileRefused("is damaged: it has %d x %d pixels.".formatted(width, height));
        }
        boolean isSideways = ExifOrientation.isSideways(orientation);
        return new CleanImageFile(
                mediaType, (int) (isSideways ? height : width), (int) (isSideways ? width : height), output.bytes());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CleanImageFile file
                && mediaType.equals(file.mediaType)
                && width == file.width
                && height == file.height
                && Arrays.equals(bytes, file.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "%s of %d x %d pixels, %d bytes".formatted(mediaType, width, height, bytes.length);
    }
}
