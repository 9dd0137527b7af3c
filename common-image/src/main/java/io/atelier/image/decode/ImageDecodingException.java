package io.atelier.image.decode;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file was not decoded. The message says why, as the end of a sentence, such as {@code it ends early}. */
public final class ImageDecodingException extends IOException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    ImageDecodingException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** Whose fault it is. */
    public enum Reason {
        /** The file is damaged, cut off, or of an unknown kind. */
        INVALID,
        /** The image has more pixels than allowed. */
        TOO_LARGE,
        /** This process has too little memory for it at the moment. The file may be fine. */
        NO_MEMORY,
        /** This process never has enough memory for it. The file may be fine. */
        EXCEEDS_MEMORY;

        /** Whether the memory of this process is the reason, not the file. */
        public boolean isMemory() {
            return this == NO_MEMORY || this == EXCEEDS_MEMORY;
        }
    }
}
