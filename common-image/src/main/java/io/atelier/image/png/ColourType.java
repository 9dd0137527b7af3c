package io.atelier.image.png;

import java.util.Optional;
import java.util.stream.Stream;

/** The colour types of ISO/IEC 15948 §11.2.2. */
public enum ColourType {
    GREY(0, 1, 1 | 2 | 4 | 8 | 16),
    RGB(2, 3, 8 | 16),
    PALETTE(3, 1, 1 | 2 | 4 | 8),
    GREY_ALPHA(4, 2, 8 | 16),
    RGB_ALPHA(6, 4, 8 | 16);

    private final int code;
    private final int channels;
    private final int bitDepths;

    ColourType(int code, int channels, int bitDepths) {
        this.code = code;
        this.channels = channels;
        this.bitDepths = bitDepths;
    }

    /** The samples of a pixel. */
    public int channels() {
        return channels;
    }

    /** The number in a file. */
    int code() {
        return code;
    }

    boolean allows(int bitDepth) {
        return Integer.bitCount(bitDepth) == 1 && (bitDepths & bitDepth) != 0;
    }

    static Optional<ColourType> of(int code) {
        return Stream.of(values()).filter(type -> type.code == code).findFirst();
    }
}
