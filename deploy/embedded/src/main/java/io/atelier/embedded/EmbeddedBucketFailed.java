package io.atelier.embedded;

import java.io.IOException;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** The failure of a call of an {@link EmbeddedBucket}. The message says why, without what was called. */
public final class EmbeddedBucketFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final int NOT_FOUND = 404;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int SERVER_ERROR = 500;
    private static final String NO_SUCH_KEY = "NoSuchKey";

    /** The kinds of failure. */
    public enum Kind {
        /** The object does not exist. */
        NOT_FOUND,
        /** The disk cannot be read or written now, or the store has stopped. */
        UNAVAILABLE,
        /** The store rejects the call: there is no bucket of this name, or the range starts after the last byte. */
        REFUSED
    }

    private final Kind kind;

    /** @param message the reason, such as {@code NoSuchBucket} */
    EmbeddedBucketFailed(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    EmbeddedBucketFailed(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** The failure for an exception of the store, which answers an S3 client with the same error. */
    static EmbeddedBucketFailed of(RuntimeException cause) {
        if (cause instanceof EmbeddedBucketFailed known) {
            return known;
        }
        if (cause instanceof AwsServiceException error && error.statusCode() < SERVER_ERROR) {
            var code = code(error);
            boolean isMissing = error.statusCode() == NOT_FOUND && code.equals(NO_SUCH_KEY);
            return new EmbeddedBucketFailed(isMissing ? Kind.NOT_FOUND : Kind.REFUSED, code, cause);
        }
        boolean isRefused = cause instanceof IllegalArgumentException || cause instanceof UnsupportedOperationException;
        return new EmbeddedBucketFailed(isRefused ? Kind.REFUSED : Kind.UNAVAILABLE, reason(cause), cause);
    }

    public Kind kind() {
        return kind;
    }

    private static String code(AwsServiceException error) {
        if (error.statusCode() == RANGE_NOT_SATISFIABLE) {
            return "InvalidRange";
        }
        var code = S3Exceptions.errorCode(error);
        return code == null ? "status " + error.statusCode() : code;
    }

    /** The store wraps the failures of the disk. */
    private static String reason(RuntimeException failure) {
        return failure.getCause() instanceof IOException disk ? disk.toString() : failure.toString();
    }
}
