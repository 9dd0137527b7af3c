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

    public ObjectStoreFailed(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public ObjectStoreFailed(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
