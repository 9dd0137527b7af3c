package io.atelier.gateway.api.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** Ends a request with a problem response (RFC 9457). Immutable; has no stack trace, because it is no failure of the gateway. */
public final class Problem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ProblemKind kind;
    private final String detail;
    private final @Nullable Duration retryAfter;
    private final List<FieldError> errors;
    private final Map<String, Object> members;
    private final HttpHeaders headers;

    /** @param detail one or two plain sentences: what was wrong, what is allowed, what to do */
    public Problem(ProblemKind kind, String detail) {
        this(kind, detail, null, List.of(), Map.of(), HttpHeaders.EMPTY);
    }

    private Problem(
            ProblemKind kind,
            String detail,
            @Nullable Duration retryAfter,
            List<FieldError> errors,
            Map<String, Object> members,
            HttpHeaders headers) {
        super(kind.slug() + ": " + detail, null, false, false);
        this.kind = kind;
        this.detail = detail;
        this.retryAfter = retryAfter;
        this.errors = List.copyOf(errors);
        this.members = members;
        this.headers = headers;
    }

    /** The same problem, with the time after which the client may retry, at least one second. */
    public Problem retryAfter(Duration delay) {
        return new Problem(kind, detail, delay, errors, members, headers);
    }

    /** The same problem, with the errors of the request's fields. */
    public Problem errors(List<FieldError> found) {
        return new Problem(kind, detail, retryAfter, found, members, headers);
    }

    /** The same problem as one of another kind, with another detail. */
    public Problem as(ProblemKind other, String otherDetail) {
        return new Problem(other, otherDetail, retryAfter, errors, members, headers);
    }

    /** The same problem, with an additional member of the JSON object. */
    public Problem with(String member, Object value) {
        var more = new LinkedHashMap<>(members);
        more.put(member, value);
        return new Problem(kind, detail, retryAfter, errors, more, headers);
    }

    /** The same problem, with an additional header of the response. */
    public Problem header(String name, String value) {
        var more = new HttpHeaders();
        more.putAll(headers);
        more.set(name, value);
        return new Problem(kind, detail, retryAfter, errors, members, more);
    }

    public ProblemKind kind() {
        return kind;
    }

    public String detail() {
        return detail;
    }

    /** The seconds after which the client may retry; empty if that is not known. */
    public Optional<Long> retryAfterSeconds() {
        return Optional.ofNullable(retryAfter).map(delay -> Math.max(1, delay.toSeconds()));
    }

    /** The errors of the request's fields; empty if the problem is another one. */
    public List<FieldError> errors() {
        return errors;
    }

    /** The additional members of the JSON object. */
    public Map<String, Object> members() {
        return members;
    }

    /** The additional headers of the response. */
    public HttpHeaders headers() {
        return headers;
    }

    /**
     * One error of a request. Its place is in the first three components, of which the others are null.
     *
     * @param pointer the field of the body, as a JSON pointer (RFC 6901); the empty string is the whole body
     * @param header the name of the header
     * @param parameter the name of the parameter in the query or the path
     * @param detail what is wrong and what is allowed
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record FieldError(
            @Schema(description = "The field of the body, as a JSON pointer; empty for the whole body") @Nullable
            String pointer,

            @Schema(description = "The header, if it is no field of the body") @Nullable
            String header,

            @Schema(description = "The parameter of the query or the path, if it is no field of the body") @Nullable
            String parameter,

            String detail) {

        /** An error in the body. */
        public static FieldError inBody(String pointer, String detail) {
            return new FieldError(pointer, null, null, detail);
        }

        /** An error in a header. */
        public static FieldError inHeader(String header, String detail) {
            return new FieldError(null, header, null, detail);
        }

        /** An error in a parameter of the query or the path. */
        public static FieldError inParameter(String parameter, String detail) {
            return new FieldError(null, null, parameter, detail);
        }

        /** The place, in words that begin a sentence. */
        public String place() {
            if (pointer != null) {
                return pointer.isEmpty() ? "The body" : pointer;
            }
            return header == null ? "The parameter " + parameter : "The header " + header;
        }

        /** The place in the notation of OpenAI's API; null for the whole body. */
        @Nullable
        String param() {
            if (pointer == null) {
                return header == null ? parameter : header;
            }
            return pointer.isEmpty() ? null : pointer.substring(1).replace('/', '.');
        }

        /** The same place with another detail. */
        FieldError detail(String other) {
            return new FieldError(pointer, header, parameter, other);
        }
    }
}
