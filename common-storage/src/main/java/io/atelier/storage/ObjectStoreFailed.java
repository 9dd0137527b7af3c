package io.atelier.storage;

/** The store could not do what it was asked. */
public final class ObjectStoreFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What kind of failure, for those who decide what to do next. */
    public enum Kind {
        /** Nothing lies under the key. */
        NOT_FOUND,
        /** The store cannot be reached, is overloaded or full: try again later. */
        UNAVAILABLE,
        /** The store refuses: wrong keys, no permission, a malformed request. Trying again does not help. */
        REFUSED
    }

    private final Kind kind;
    private final String outline;

    public ObjectStoreFailed(Kind kind, String message, Throwable cause) {
        this(kind, message, message, cause);
    }

    /** @param outline the message without what only the operators should know */
    ObjectStoreFailed(Kind kind, String message, String outline, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.outline = outline;
    }

    public ObjectStoreFailed(Kind kind, String message) {
        super(message);
        this.kind = kind;
        this.outline = message;
    }

    /** What happened, for those who use the system: where the store is, it does not say. */
    public String outline() {
        return outline;
    }

    public Kind kind() {
        return kind;
    }
}
