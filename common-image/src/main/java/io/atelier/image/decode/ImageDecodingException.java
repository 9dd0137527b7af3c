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
        /** This process has too little memory for it at the moment, or at all. The file may be fine. */
        NO_MEMORY
    }
}
