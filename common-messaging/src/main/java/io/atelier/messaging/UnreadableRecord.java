package io.atelier.messaging;

/** Thrown if the value of a record does not have the format of its topic. Permanent: reading the record again fails again. */
public final class UnreadableRecord extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnreadableRecord(String message) {
        super(message);
    }

    public UnreadableRecord(String message, Throwable cause) {
        super(message, cause);
    }
}
