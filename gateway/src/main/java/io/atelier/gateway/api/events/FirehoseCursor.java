package io.atelier.gateway.api.events;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A position in the topic of events: for each of its partitions, the offset of the next event. It is opaque to clients; the first character
 * is the version of its format.
 *
 * @param offsets by partition, from partition 0; none is negative
 */
record FirehoseCursor(List<Long> offsets) {

    private static final String VERSION = "a";
    private static final Pattern FORMAT = Pattern.compile(VERSION + "[A-Za-z0-9_-]{1,400}");

    FirehoseCursor {
        offsets = List.copyOf(offsets);
    }

    /** The cursor that a client sent; empty if the text is not a cursor. */
    static Optional<FirehoseCursor> parse(String text) {
        if (!FORMAT.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            // Other texts than those of text() decode as well: the decoder ignores the bits after the last byte.
            return read(Base64.getUrlDecoder().decode(text.substring(VERSION.length())))
                    .filter(cursor -> cursor.text().equals(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Each offset has seven bits in a byte, the lowest first; the highest bit is set if more bytes follow. */
    private static Optional<FirehoseCursor> read(byte[] bytes) {
        var offsets = new ArrayList<Long>();
        long offset = 0;
        int shift = 0;
        for (byte next : bytes) {
            if (shift > 56) {
                return Optional.empty();
            }
            offset |= (long) (next & 0x7F) << shift;
            if (next < 0) {
                shift += 7;
            } else {
                offsets.add(offset);
                offset = 0;
                shift = 0;
            }
        }
        return shift == 0 && !offsets.isEmpty() ? Optional.of(new FirehoseCursor(offsets)) : Optional.empty();
    }

    /** The cursor in the form that clients receive. */
    String text() {
        var bytes = new ByteArrayOutputStream();
        for (long offset : offsets) {
            long rest = offset;
            while (rest > 0x7F) {
                bytes.write((int) ((rest & 0x7F) | 0x80));
                rest >>>= 7;
            }
            bytes.write((int) rest);
        }
        return VERSION + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }
}
