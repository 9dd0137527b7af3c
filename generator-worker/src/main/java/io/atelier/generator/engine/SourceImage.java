package io.atelier.generator.engine;

import java.util.Arrays;

/** An image file that an engine is to edit: PNG, JPEG or WebP, not turned. Immutable. */
public final class SourceImage {

    private final byte[] bytes;
    private final String mediaType;
    private final int width;
    private final int height;

    /** An image of unknown size. */
    public SourceImage(byte[] bytes, String mediaType) {
        this(bytes, mediaType, 0, 0);
    }

    /**
     * @param mediaType such as {@code image/png}
     * @param width in pixels; 0 if unknown
     * @param height in pixels; 0 if unknown
     */
    public SourceImage(byte[] bytes, String mediaType, int width, int height) {
        this.bytes = Arrays.copyOf(bytes, bytes.length);
        this.mediaType = mediaType;
        this.width = width;
        this.height = height;
    }

    /** A copy of the file's content. */
    public byte[] bytes() {
        return Arrays.copyOf(bytes, bytes.length);
    }

    /** The size of the file in bytes. */
    public int length() {
        return bytes.length;
    }

    public String mediaType() {
        return mediaType;
    }

    /** In pixels; 0 if unknown. */
    public int width() {
        return width;
    }

    /** In pixels; 0 if unknown. */
    public int height() {
        return height;
    }
}
