package io.atelier.image.decode;

import java.util.Optional;
import java.util.stream.Stream;

/** The kinds of image files that are decoded, recognised by their first bytes. */
public enum ImageFileFormat {
    PNG("image/png") {
        @Override
        boolean matches(byte[] bytes) {
            return startsWith(bytes, 0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n');
        }
    },
    JPEG("image/jpeg") {
        @Override
        boolean matches(byte[] bytes) {
            return startsWith(bytes, 0, 0xFF, 0xD8, 0xFF);
        }
    },
    WEBP("image/webp") {
        @Override
        boolean matches(byte[] bytes) {
            return startsWith(bytes, 0, 'R', 'I', 'F', 'F') && startsWith(bytes, 8, 'W', 'E', 'B', 'P');
        }
    },
    /** Only the first image of an animation is decoded. */
    GIF("image/gif") {
        @Override
        boolean matches(byte[] bytes) {
            return startsWith(bytes, 0, 'G', 'I', 'F', '8', '7', 'a')
                    || startsWith(bytes, 0, 'G', 'I', 'F', '8', '9', 'a');
        }
    };

    private final String mediaType;

    ImageFileFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    /** The format of a file; empty if it is none of these. */
    public static Optional<ImageFileFormat> of(byte[] bytes) {
        return Stream.of(values()).filter(format -> format.matches(bytes)).findFirst();
    }

    /** Such as {@code image/png}. */
    public String mediaType() {
        return mediaType;
    }

    abstract boolean matches(byte[] bytes);

    private static boolean startsWith(byte[] bytes, int offset, int... expected) {
        if (bytes.length < offset + expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if ((bytes[offset + i] & 0xFF) != expected[i]) {
                return false;
            }
        }
        return true;
    }
}
