package io.atelier.subscriber;

/** A temporary failure: the event should be handled again later. */
final class RetryableFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RetryableFailure(String message, Throwable cause) {
        super(message, cause);
    }

    RetryableFailure(String message) {
        super(message);
    }
}
