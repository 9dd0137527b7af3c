package io.atelier.subscriber;

/** Something that is needed now is not to be had now; the same event can be handled later. */
final class RetryLater extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RetryLater(String message, Throwable cause) {
        super(message, cause);
    }

    RetryLater(String message) {
        super(message);
    }
}
