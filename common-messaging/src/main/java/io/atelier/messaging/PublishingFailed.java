package io.atelier.messaging;

/** The brokers did not confirm a record in time. The record may have been written nevertheless. */
public final class PublishingFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PublishingFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
