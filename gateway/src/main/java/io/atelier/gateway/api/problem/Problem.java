package io.atelier.gateway.api.problem;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** Ends a request with a problem that the client is told of. Immutable; has no stack trace, for it is no fault of the program. */
public final class Problem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ProblemKind kind;
    private final String detail;
    private final @Nullable Duration retryAfter;
    private final List<Mistake> mistakes;
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
            List<Mistake> mistakes,
            Map<String, Object> members,
            HttpHeaders headers) {
        super(kind.slug() + ": " + detail, null, false, false);
        this.kind = kind;
        this.detail = detail;
        this.retryAfter = retryAfter;
        this.mistakes = List.copyOf(mistakes);
        this.members = members;
        this.headers = headers;
    }

    /** The same problem, with the time after which another try makes sense: whole seconds, at least one. */
    public Problem retryAfter(Duration wait) {
        return new Problem(kind, detail, wait, mistakes, members, headers);
    }

    /** The same problem, with all that is wrong in the body. */
    public Problem mistakes(List<Mistake> found) {
        return new Problem(kind, detail, retryAfter, found, members, headers);
    }

    /** The same problem, with a member of its own. */
    public Problem with(String member, Object value) {
        var more = new LinkedHashMap<>(members);
        more.put(member, value);
        return new Problem(kind, detail, retryAfter, mistakes, more, headers);
    }

    /** The same problem, with a header that the answer must carry. */
    public Problem header(String name, String value) {
        var more = new HttpHeaders();
        more.putAll(headers);
        more.set(name, value);
        return new Problem(kind, detail, retryAfter, mistakes, members, more);
    }

    public ProblemKind kind() {
        return kind;
    }

    public String detail() {
        return detail;
    }

    Optional<Long> retryAfterSeconds() {
        return Optional.ofNullable(retryAfter).map(wait -> Math.max(1, wait.toSeconds()));
    }

    /** What is wrong, field by field; empty if that is not what it is about. */
    public List<Mistake> mistakes() {
        return mistakes;
    }

    Map<String, Object> members() {
        return members;
    }

    HttpHeaders headers() {
        return headers;
    }

    /**
     * One thing that is wrong in a body.
     *
     * @param pointer where, as a JSON pointer (RFC 6901); the empty string is the whole body
     * @param detail what is wrong with it and what is allowed
     */
    public record Mistake(String pointer, String detail) {}
}
