package io.atelier.gateway.api.images;

import io.atelier.storage.ObjectStore.ByteRange;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpRange;

/**
 * The part of a representation that a client asks for (RFC 9110 §14): one range of bytes, or the whole. A header that is malformed or names
 * several ranges is ignored, as the RFC allows.
 *
 * @param bytes the part, within the representation
 * @param whole whether to answer as if no range had been asked for
 * @param satisfiable false if the representation has no such bytes
 */
record RangeRequest(ByteRange bytes, boolean whole, boolean satisfiable) {

    static RangeRequest all(long length) {
        return new RangeRequest(new ByteRange(0, length - 1), true, true);
    }

    /**
     * The part that a header names.
     *
     * @param header the value of {@code Range}; null if there is none
     * @param length of the representation, at least 1
     */
    static RangeRequest of(@Nullable String header, long length) {
        var ranges = parse(header);
        if (ranges.size() != 1) {
            return all(length);
        }
        var range = ranges.get(0);
        long first = range.getRangeStart(length);
        return first >= length
                ? new RangeRequest(new ByteRange(0, length - 1), false, false)
                : new RangeRequest(new ByteRange(first, range.getRangeEnd(length)), false, true);
    }

    private static List<HttpRange> parse(@Nullable String header) {
        if (header == null) {
            return List.of();
        }
        try {
            return HttpRange.parseRanges(header.replaceAll("\\s", "").toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }
}
