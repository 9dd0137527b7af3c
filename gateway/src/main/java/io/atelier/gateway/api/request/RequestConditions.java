package io.atelier.gateway.api.request;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ETag;
import org.springframework.http.HttpHeaders;

/**
 * The conditions of a GET or HEAD request, in the order of RFC 9110 §13.2.2: {@link #requireMatch}, then {@link #isNotModified}.
 * ServerWebExchange.checkNotModified ignores If-Match and the star of a GET. Immutable.
 */
public final class RequestConditions {

    private final HttpHeaders request;
    private final ETag tag;
    private final @Nullable Instant modified;

    /**
     * @param request the headers of the request
     * @param tag of what would be sent
     * @param modified when that was last modified, in whole seconds; null if it has no such time, so that conditions on it do not count
     */
    public RequestConditions(HttpHeaders request, ETag tag, @Nullable Instant modified) {
        this.request = request;
        this.tag = tag;
        this.modified = modified;
    }

    /**
     * Evaluates If-Match or, without it, If-Unmodified-Since.
     *
     * @throws Problem of kind {@code PRECONDITION_FAILED} if the condition is false
     */
    public void requireMatch() {
        var ifMatch = request.getOrEmpty(HttpHeaders.IF_MATCH);
        if (!ifMatch.isEmpty()) {
            if (!matches(ifMatch, true)) {
                throw new Problem(
                        ProblemKind.PRECONDITION_FAILED,
                        "The present entity tag is %s, which is not among those of If-Match."
                                .formatted(tag.formattedTag()));
            }
            return;
        }
        // A malformed date is -1, and does not count.
        long since = request.getIfUnmodifiedSince();
        if (modified != null && since >= 0 && modified.toEpochMilli() > since) {
            throw new Problem(
                    ProblemKind.PRECONDITION_FAILED,
                    "It was last modified at %s, after the time in If-Unmodified-Since.".formatted(modified));
        }
    }

    /** Evaluates If-None-Match or, without it, If-Modified-Since: whether the client has what would be sent. */
    public boolean isNotModified() {
        var ifNoneMatch = request.getOrEmpty(HttpHeaders.IF_NONE_MATCH);
        if (!ifNoneMatch.isEmpty()) {
            return matches(ifNoneMatch, false);
        }
        return modified != null && request.getIfModifiedSince() >= modified.toEpochMilli();
    }

    private boolean matches(List<String> lines, boolean strong) {
        return lines.stream()
                .flatMap(line -> ETag.parse(line).stream())
                .anyMatch(other -> other.isWildcard() || tag.compare(other, strong));
    }
}
