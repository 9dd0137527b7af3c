package io.atelier.pipeline;

import java.util.Arrays;

/** An image that was generated, and its bytes. Immutable. */
public final class PipelineImage {

    private final String id;
    private final String key;
    private final String mediaType;
    private final int width;
    private final int height;
    private final byte[] bytes;

    /**
     * @param id of the generation
     * @param key of the object in the store
     * @param mediaType such as {@code image/png}
     * @param width in pixels
     * @param height in pixels
     */
    public PipelineImage(String id, String key, String mediaType, int width, int height, byte[] bytes) {
        this.id = id;
        this.key = key;
        this.mediaType = mediaType;
        this.width = width;
        this.height = height;
        this.bytes = Arrays.copyOf(bytes, bytes.length);
    }

    /** The id of the generation. */
    public String id() {
        return id;
    }

    /** The key of the object in the store. */
    public String key() {
        return key;
    }

    /** The media type of the bytes, such as {@code image/png}. */
    public String mediaType() {
        return mediaType;
    }

    /** The width in pixels. */
    public int width() {
        return width;
    }

    /** The height in pixels. */
    public int height() {
        return height;
    }

    /** A copy of the file. */
    public byte[] bytes() {
        return Arrays.copyOf(bytes, bytes.length);
    }
}
