package io.atelier.gateway.api.request;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.storage.ObjectStore.ByteRange;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ETag;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRange;

/** The part of a representation that a request asks for, as in RFC 9110 §14. */
public final class RequestedRange {

    private RequestedRange() {}

    /**
     * The requested part; empty for the whole, also if the header is malformed or has several ranges (RFC 9110 §14.2), or if {@code If-Range} names
     * another representation.
     *
     * @param request its headers
     * @param tag of what would be sent
     * @param modified the value of {@code Last-Modified}; null if there is none
     * @param length in bytes
     * @throws Problem of kind {@code RANGE_NOT_SATISFIABLE} if it begins after the end
     */
    public static Optional<ByteRange> of(HttpHeaders request, ETag tag, @Nullable String modified, long length) {
        var ranges = isUnchanged(request.getFirst(HttpHeaders.IF_RANGE), tag, modified)
                ? ranges(request.getFirst(HttpHeaders.RANGE))
                : List.<HttpRange>of();
        if (ranges.size() != 1) {
            return Optional.empty();
        }
        long first = ranges.get(0).getRangeStart(length);
        if (first >= length) {
            throw new Problem(
                            ProblemKind.RANGE_NOT_SATISFIABLE,
                            "The content has %d bytes; the range begins after them.".formatted(length))
                    .header(HttpHeaders.CONTENT_RANGE, "bytes */" + length);
        }
        return Optional.of(new ByteRange(first, ranges.get(0).getRangeEnd(length)));
    }

    private static List<HttpRange> ranges(@Nullable String header) {
        if (header == null) {
            return List.of();
        }
        try {
            return HttpRange.parseRanges(header.replaceAll("\\s", "").toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    /** Whether a part may be sent: the client has no other part, or one of the same bytes. */
    private static boolean isUnchanged(@Nullable String ifRange, ETag tag, @Nullable String modified) {
        return ifRange == null || ifRange.equals(tag.formattedTag()) || ifRange.equals(modified);
    }
}
