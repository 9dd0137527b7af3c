package io.atelier.storage;

import java.util.Optional;

/**
 * The key of an object in the bucket. An object is never overwritten, and no key is a folder of another key.
 *
 * <p>1 to 512 characters of {@code A-Z a-z 0-9 . _ - /}; no segment is empty, {@code .} or {@code ..}, or longer than 200 characters, because some
 * stores use segments as file names; the key ends with a file extension of 1 to 4 characters.
 */
public record ObjectKey(String value) {

    /** What the middle of a key may have, in words for messages. */
    public static final String RULE =
            "Allowed are A-Z a-z 0-9 . _ - and slashes; no part between slashes is empty, '.' or '..', or longer than 200 characters.";

    private static final int MAX_LENGTH = 512;
    private static final int MAX_SEGMENT = 200;
    private static final int MAX_EXTENSION = 4;

    /** @throws IllegalArgumentException if the value does not have this form */
    public ObjectKey {
        if (!isKey(value)) {
            throw new IllegalArgumentException("Not an object key: '" + value + "'");
        }
    }

    /** The key of a text; empty if it does not have this form. */
    public static Optional<ObjectKey> parse(String value) {
        return isKey(value) ? Optional.of(new ObjectKey(value)) : Optional.empty();
    }

    /** Without a regular expression, because each image has several keys. */
    private static boolean isKey(String value) {
        if (value.isEmpty() || value.length() > MAX_LENGTH || value.charAt(0) == '/') {
            return false;
        }
        int segment = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '/') {
                if (!isSegment(value, segment, i)) {
                    return false;
                }
                segment = i + 1;
            } else if (!isLetterOrDigit(c) && c != '.' && c != '_' && c != '-') {
                return false;
            }
        }
        return isSegment(value, segment, value.length()) && hasExtension(value, segment);
    }

    private static boolean isSegment(String value, int from, int to) {
        int length = to - from;
        return length > 0
                && length <= MAX_SEGMENT
                && !(value.charAt(from) == '.' && (length == 1 || (length == 2 && value.charAt(from + 1) == '.')));
    }

    /** Whether the key ends with a file extension that is not all of it. */
    private static boolean hasExtension(String value, int name) {
        int dot = value.lastIndexOf('.');
        int length = value.length() - dot - 1;
        if (dot < Math.max(1, name) || length < 1 || length > MAX_EXTENSION) {
            return false;
        }
        for (int i = dot + 1; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    @Override
    public String toString() {
        return value;
    }
}
