package io.atelier.storage;

import io.atelier.storage.http.AsyncRetry;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import io.minio.errors.ServerException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Set;

/** Classifies the exceptions of the S3 client and translates them to {@link ObjectStoreFailed}. */
final class S3Failures {

    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;
    private static final int NOT_IMPLEMENTED = 501;
    private static final Set<Integer> TRANSIENT = Set.of(408, CONFLICT, 425, 429);

    private final String server;

    /** @param server address of the store, for messages */
    S3Failures(String server) {
        this.server = server;
    }

    /** Whether the same call may succeed if it is repeated at once. A call that reached its timeout is not repeated. */
    static boolean isTransient(Throwable failure) {
        if (failure instanceof InterruptedIOException) {
            return false;
        }
        return kind(failure) == ObjectStoreFailed.Kind.UNAVAILABLE;
    }

    /** Whether the key does not exist. For a HEAD request, a missing bucket looks the same as a missing object. */
    static boolean isNotFound(Throwable failure) {
        return kind(failure) == ObjectStoreFailed.Kind.NOT_FOUND;
    }

    /** Whether the key exists already. */
    static boolean isTaken(Throwable failure) {
        return status(failure) == PRECONDITION_FAILED;
    }

    /** Whether the bucket exists already. */
    static boolean isConflict(Throwable failure) {
        return status(failure) == CONFLICT;
    }

    /** Whether the bucket does not exist. */
    static boolean isMissingBucket(Throwable failure) {
        return status(failure) == NOT_FOUND && code(failure).equals("NoSuchBucket");
    }

    /**
     * The failure of a copy, which begins with the words that operators of S3 servers look for.
     *
     * @param operation see {@link #failed}
     * @param bucket bucket of the copy
     */
    ObjectStoreFailed notPublished(String operation, String bucket, Throwable cause) {
        var failure = AsyncRetry.unwrapped(cause);
        if (failure instanceof ObjectStoreFailed known) {
            return known;
        }
        if (isMissingBucket(failure)) {
            return ObjectStoreFailed.missingPublicBucket(bucket);
        }
        var failed = failed(operation, failure);
        if (failed.kind() == ObjectStoreFailed.Kind.NOT_FOUND) {
            return failed;
        }
        var words = status(failure) == FORBIDDEN
                ? "S3 access denied. Give the key pair of Atelier the permission to read and write the bucket '"
                        + bucket + "'. "
                : "S3 upload error (" + word(failure) + "): ";
        return new ObjectStoreFailed(
                failed.kind(), words + failed.getMessage(), words + failed.publicMessage(), failure);
    }

    /**
     * The failure of an operation.
     *
     * @param operation verb and object for the message, such as {@code "put jobs/1.png"}
     */
    ObjectStoreFailed failed(String operation, Throwable cause) {
        var failure = AsyncRetry.unwrapped(cause);
        if (failure instanceof ObjectStoreFailed known) {
            return known;
        }
        var kind = kind(failure);
        var outcome = outcome(kind, operation);
        var message = "The object store at " + server + outcome + reason(failure) + ".";
        var outline = "The object store" + outcome + publicReason(failure) + ".";
        return new ObjectStoreFailed(kind, message, outline, failure);
    }

    private static String outcome(ObjectStoreFailed.Kind kind, String operation) {
        return switch (kind) {
            case NOT_FOUND -> " could not " + operation;
            case UNAVAILABLE -> " could not " + operation + " now";
            case REFUSED -> " refused to " + operation;
        };
    }

    private static ObjectStoreFailed.Kind kind(Throwable failure) {
        int status = status(failure);
        if (status == NOT_FOUND && code(failure).equals("NoSuchKey")) {
            return ObjectStoreFailed.Kind.NOT_FOUND;
        }
        boolean isTransient = TRANSIENT.contains(status) || (status >= 500 && status != NOT_IMPLEMENTED);
        boolean hasNoResponse = status == 0 && (failure instanceof IOException || failure instanceof MinioException);
        return isTransient || hasNoResponse ? ObjectStoreFailed.Kind.UNAVAILABLE : ObjectStoreFailed.Kind.REFUSED;
    }

    /** The HTTP status of the response; 0 if there was none, or if it is not a response of an S3 server. */
    private static int status(Throwable failure) {
        if (failure instanceof ErrorResponseException response) {
            return response.response().code();
        }
        return failure instanceof ServerException response ? response.statusCode() : 0;
    }

    private static String code(Throwable failure) {
        // Servers may leave out the code.
        return failure instanceof ErrorResponseException response
                ? String.valueOf(response.errorResponse().code())
                : "";
    }

    /** The code of the server, or what there is in its place. */
    private static String word(Throwable failure) {
        int status = status(failure);
        if (status == 0) {
            return "no response";
        }
        var code = code(failure);
        return code.isEmpty() || code.equals("null") ? Integer.toString(status) : code;
    }

    private static String reason(Throwable failure) {
        if (failure instanceof ErrorResponseException) {
            return publicReason(failure);
        }
        var message = failure.getMessage();
        return ": " + (message == null ? failure.getClass().getSimpleName() : message);
    }

    /** The message of the server only, because messages of the client contain the address. */
    private static String publicReason(Throwable failure) {
        if (kind(failure) == ObjectStoreFailed.Kind.NOT_FOUND) {
            return ": the object does not exist";
        }
        return failure instanceof ErrorResponseException response
                ? ": %s (%s)"
                        .formatted(
                                response.errorResponse().code(),
                                response.errorResponse().message())
                : "";
    }
}
