package io.atelier.generator.engine;

import java.util.Arrays;

/** An image file that an engine is to edit: PNG, JPEG or WebP. Immutable. */
public final class SourceImage {

    private final byte[] bytes;
    private final String mediaType;

    /** @param mediaType such as {@code image/png} */
    public SourceImage(byte[] bytes, String mediaType) {
        this.bytes = Arrays.copyOf(bytes, bytes.length);
        this.mediaType = mediaType;
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
}
