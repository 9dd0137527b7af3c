package io.atelier.image.png;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file is not a complete and valid PNG. The message says why, as the end of a sentence, such as {@code it ends early}. */
public final class PngFormatException extends IOException {

    private static final long serialVersionUID = 1L;

    PngFormatException(String message) {
        this(message, null);
    }

    PngFormatException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    static PngFormatException damagedData() {
        return new PngFormatException("its image data is damaged");
    }

    static PngFormatException endsEarly() {
        return new PngFormatException("its image data ends early");
    }
}
