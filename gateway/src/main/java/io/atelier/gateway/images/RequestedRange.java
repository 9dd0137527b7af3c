package io.atelier.gateway.images;

import io.atelier.storage.ObjectStore.ByteRange;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a representation a client wants, as RFC 9110 §14 has it: one range of bytes, or else the whole. What is not understood is
 * ignored, as is more than one range.
 *
 * @param bytes the part, within the representation
 * @param whole whether it is all, to be answered as if no range had been asked for
 * @param satisfiable whether there are such bytes at all
 */
record RequestedRange(ByteRange bytes, boolean whole, boolean satisfiable) {

    private static final Pattern ONE =
            Pattern.compile("bytes=\\s*(\\d{0,18})\\s*-\\s*(\\d{0,18})\\s*", Pattern.CASE_INSENSITIVE);

    static RequestedRange all(long length) {
        return new RequestedRange(new ByteRange(0, length - 1), true, true);
    }

    /**
     * The part that a header names.
     *
     * @param header the value of {@code Range}; null if there is none
     * @param length of the representation, at least 1
     */
    static RequestedRange of(@Nullable String header, long length) {
        var range = ONE.matcher(header == null ? "" : header);
        if (!range.matches()) {
            return all(length);
        }
        var first = range.group(1);
        var last = range.group(2);
        if (first.isEmpty()) {
            return last.isEmpty() ? all(length) : suffix(Long.parseLong(last), length);
        }
        long from = Long.parseLong(first);
        long to = last.isEmpty() ? Long.MAX_VALUE : Long.parseLong(last);
        if (to < from) {
            return all(length);
        }
        return from >= length ? none(length) : part(from, Math.min(to, length - 1));
    }

    private static RequestedRange suffix(long count, long length) {
        return count == 0 ? none(length) : part(Math.max(0, length - count), length - 1);
    }

    private static RequestedRange part(long from, long to) {
        return new RequestedRange(new ByteRange(from, to), false, true);
    }

    private static RequestedRange none(long length) {
        return new RequestedRange(new ByteRange(0, length - 1), false, false);
    }
}
