package io.atelier.subscriber;

/** Something that is needed now is not to be had now; the same event can be handled later. */
final class TryLater extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TryLater(String message, Throwable cause) {
        super(message, cause);
    }

    TryLater(String message) {
        super(message);
    }
}
