package io.atelier.storage;

/** The failure of an operation of an {@link ObjectStore} or an {@link ObjectPublisher}. */
public final class ObjectStoreFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The kinds of failure. */
    public enum Kind {
        /** The key does not exist. */
        NOT_FOUND,
        /** The store cannot be reached, is overloaded or is full. A later call may succeed. */
        UNAVAILABLE,
        /** The store rejects the request: wrong credentials, missing permission, malformed request. Repeating it does not help. */
        REFUSED
    }

    private final Kind kind;
    private final String publicMessage;
    private final boolean bucketMissing;

    public ObjectStoreFailed(Kind kind, String message, Throwable cause) {
        this(kind, message, message, cause);
    }

    /** @param publicMessage message for users, without details for operators such as the address of the store */
    public ObjectStoreFailed(Kind kind, String message, String publicMessage, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.publicMessage = publicMessage;
        this.bucketMissing = false;
    }

    public ObjectStoreFailed(Kind kind, String message) {
        this(kind, message, false);
    }

    private ObjectStoreFailed(Kind kind, String message, boolean bucketMissing) {
        super(message);
        this.kind = kind;
        this.publicMessage = message;
        this.bucketMissing = bucketMissing;
    }

    /** The failure of {@link ObjectStore#check} if the bucket is missing. */
    public static ObjectStoreFailed missingBucket(String bucket) {
        return new ObjectStoreFailed(
                Kind.REFUSED,
                "The object store has no bucket '" + bucket
                        + "'. Restore it. A worker creates an empty one when it starts, but the images of earlier jobs"
                        + " are lost then.",
                true);
    }

    /** The failure of an {@link ObjectPublisher} if its bucket is missing and must not be created. */
    static ObjectStoreFailed missingPublicBucket(String bucket) {
        return new ObjectStoreFailed(
                Kind.REFUSED,
                "S3 bucket '" + bucket
                        + "' does not exist. Create it, or set io.atelier.avatars.create-bucket to true, so that it is"
                        + " created.");
    }

    /** The message for users of the system; it does not contain the address of the store. */
    public String publicMessage() {
        return publicMessage;
    }

    /** Whether it is that of {@link #missingBucket}. */
    public boolean isBucketMissing() {
        return bucketMissing;
    }

    public Kind kind() {
        return kind;
    }
}
