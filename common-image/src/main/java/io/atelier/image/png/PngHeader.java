package io.atelier.image.png;

/**
 * The header of a PNG (IHDR): the size of the image and the form of its samples.
 *
 * @param width in pixels, at least 1
 * @param height in pixels, at least 1
 * @param colourType which samples a pixel has
 * @param bitDepth bits of a sample: 8, for some colour types also 1, 2, 4 or 16
 * @param interlaced whether the rows are stored in the seven passes of Adam7
 */
public record PngHeader(int width, int height, ColourType colourType, int bitDepth, boolean interlaced) {

    public PngHeader {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("its size is %d x %d pixels"
                    .formatted(Integer.toUnsignedLong(width), Integer.toUnsignedLong(height)));
        }
        if (!colourType.allows(bitDepth)) {
            throw new IllegalArgumentException("%d bits are not allowed for %s".formatted(bitDepth, colourType));
        }
    }

    /** The header of an image that is not interlaced. */
    static PngHeader of(int width, int height, ColourType colourType, int bitDepth) {
        return new PngHeader(width, height, colourType, bitDepth, false);
    }

    /** The same form of samples with another size, not interlaced. */
    PngHeader resized(int otherWidth, int otherHeight) {
        return of(otherWidth, otherHeight, colourType, bitDepth);
    }

    /** Width times height. */
    public long pixels() {
        return (long) width * height;
    }

    /** All samples of the image in bytes, each row filled up to whole bytes. */
    public long sampleBytes() {
        return (long) rowBytes() * height;
    }

    /** What {@link PngImage#read} needs at most for a file of so many bytes: the file's image data, and two rows. */
    public long readingBytes(int fileBytes) {
        return 2L * fileBytes + 2 * (((long) width * bitsPerPixel() + 7) / 8);
    }

    int bitsPerPixel() {
        return colourType.channels() * bitDepth;
    }

    /** The distance, in bytes, of the pixel to the left that filters refer to (ISO/IEC 15948 §9.2). */
    int filterDistance() {
        return Math.max(1, bitsPerPixel() / 8);
    }

    int rowBytes() {
        return rowBytes(width);
    }

    /** The bytes of a row of so many pixels. */
    int rowBytes(int pixels) {
        return Math.toIntExact(((long) pixels * bitsPerPixel() + 7) / 8);
    }
}
