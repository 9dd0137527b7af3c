package io.atelier.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The server refused the request with a problem (RFC 9457). */
public final class AtelierRefused extends AtelierException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final boolean retryable;
    private final @Nullable Duration retryAfter;
    private final @Nullable String requestId;
    private final @Nullable String generation;
    private final transient List<FieldProblem> errors;

    AtelierRefused(
            String message,
            int status,
            String code,
            boolean retryable,
            @Nullable Duration retryAfter,
            @Nullable String requestId,
            @Nullable String generation,
            List<FieldProblem> errors) {
        super(message, null);
        this.status = status;
        this.code = code;
        this.retryable = retryable;
        this.retryAfter = retryAfter;
        this.requestId = requestId;
        this.generation = generation;
        this.errors = List.copyOf(errors);
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The kind of the problem, such as {@code validation-failed}; empty if the answer was no problem. */
    public String code() {
        return code;
    }

    /** Whether the same request may succeed later. */
    public boolean retryable() {
        return retryable;
    }

    /** After which time; empty if the server did not say it. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** The server's id of the request, which is in its log. */
    public Optional<String> requestId() {
        return Optional.ofNullable(requestId);
    }

    /** The generation that the problem is about. */
    public Optional<String> generation() {
        return Optional.ofNullable(generation);
    }

    /** What is wrong with the fields of the request. */
    public List<FieldProblem> errors() {
        return errors;
    }

    /**
     * What is wrong with a field, a header or a parameter.
     *
     * @param place of the field as a JSON pointer, or the name of the header or parameter; empty for the whole body
     */
    public record FieldProblem(String place, String detail) {}
}
