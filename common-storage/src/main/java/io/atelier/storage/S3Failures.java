package io.atelier.storage;

import io.atelier.storage.http.AsyncRetry;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import io.minio.errors.ServerException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Set;

/** Says in our words what an S3 client says in exceptions. */
final class S3Failures {

    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;
    private static final int NOT_IMPLEMENTED = 501;
    private static final Set<Integer> PASSING = Set.of(408, CONFLICT, 425, 429);

    private final String server;

    /** @param server how people know the store, for messages */
    S3Failures(String server) {
        this.server = server;
    }

    /** Whether the same call may work a moment later. A call that took all its time is not made again. */
    static boolean isTransient(Throwable failure) {
        if (failure instanceof InterruptedIOException) {
            return false;
        }
        return kind(failure) == ObjectStoreFailed.Kind.UNAVAILABLE;
    }

    /** Whether nothing lies under the key; the failure of a HEAD request does not tell a missing bucket from a missing object. */
    static boolean isNotFound(Throwable failure) {
        return kind(failure) == ObjectStoreFailed.Kind.NOT_FOUND;
    }

    /** Whether something lies under the key already. */
    static boolean isTaken(Throwable failure) {
        return status(failure) == PRECONDITION_FAILED;
    }

    /** Whether the bucket is there already. */
    static boolean isConflict(Throwable failure) {
        return status(failure) == CONFLICT;
    }

    /** The failure of what was to be done, such as {@code "put jobs/1.png"}. */
    ObjectStoreFailed failed(String what, Throwable cause) {
        var failure = AsyncRetry.unwrapped(cause);
        if (failure instanceof ObjectStoreFailed known) {
            return known;
        }
        var kind = kind(failure);
        var outcome = outcome(kind, what);
        var message = "The object store at " + server + outcome + reason(failure) + ".";
        var outline = "The object store" + outcome + outlinedReason(failure) + ".";
        return new ObjectStoreFailed(kind, message, outline, failure);
    }

    private static String outcome(ObjectStoreFailed.Kind kind, String what) {
        return switch (kind) {
            case NOT_FOUND -> " could not " + what;
            case UNAVAILABLE -> " could not " + what + " now";
            case REFUSED -> " refused to " + what;
        };
    }

    private static ObjectStoreFailed.Kind kind(Throwable failure) {
        int status = status(failure);
        if (status == 404 && code(failure).equals("NoSuchKey")) {
            return ObjectStoreFailed.Kind.NOT_FOUND;
        }
        boolean passing = PASSING.contains(status) || (status >= 500 && status != NOT_IMPLEMENTED);
        boolean silent = status == 0 && (failure instanceof IOException || failure instanceof MinioException);
        return passing || silent ? ObjectStoreFailed.Kind.UNAVAILABLE : ObjectStoreFailed.Kind.REFUSED;
    }

    /** The HTTP status of the answer; 0 if there was none, or none that an S3 server gives. */
    private static int status(Throwable failure) {
        if (failure instanceof ErrorResponseException answered) {
            return answered.response().code();
        }
        return failure instanceof ServerException answered ? answered.statusCode() : 0;
    }

    private static String code(Throwable failure) {
        // A server may leave the code out.
        return failure instanceof ErrorResponseException answered
                ? String.valueOf(answered.errorResponse().code())
                : "";
    }

    private static String reason(Throwable failure) {
        if (failure instanceof ErrorResponseException) {
            return outlinedReason(failure);
        }
        var message = failure.getMessage();
        return ": " + (message == null ? failure.getClass().getSimpleName() : message);
    }

    /** Only what the server itself said: other messages name its address. */
    private static String outlinedReason(Throwable failure) {
        if (kind(failure) == ObjectStoreFailed.Kind.NOT_FOUND) {
            return ": nothing lies there";
        }
        return failure instanceof ErrorResponseException answered
                ? ": %s (%s)"
                        .formatted(
                                answered.errorResponse().code(),
                                answered.errorResponse().message())
                : "";
    }
}
