package io.atelier.generator.engine;

import java.util.Arrays;

/** A picture that an engine is to change: a PNG, JPEG or WebP file. Immutable. */
public final class SourceImage {

    private final byte[] bytes;
    private final String mediaType;

    /** @param mediaType such as {@code image/png} */
    public SourceImage(byte[] bytes, String mediaType) {
        this.bytes = Arrays.copyOf(bytes, bytes.length);
        this.mediaType = mediaType;
    }

    /** The file, as a copy. */
    public byte[] bytes() {
        return Arrays.copyOf(bytes, bytes.length);
    }

    /** How many bytes the file has. */
    public int length() {
        return bytes.length;
    }

    public String mediaType() {
        return mediaType;
    }
}
