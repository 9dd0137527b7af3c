package io.atelier.messaging;

/** The brokers did not confirm a record in time. The record may have been written nevertheless, unless it was not even sent. */
public final class PublishingFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean sent;

    public PublishingFailed(String message, Throwable cause) {
        this(message, cause, true);
    }

    private PublishingFailed(String message, Throwable cause, boolean sent) {
        super(message, cause);
        this.sent = sent;
    }

    /** A failure before any broker could get the record. */
    public static PublishingFailed beforeSending(String message, Throwable cause) {
        return new PublishingFailed(message, cause, false);
    }

    /** Whether the record may have been written. */
    public boolean wasSent() {
        return sent;
    }
}
