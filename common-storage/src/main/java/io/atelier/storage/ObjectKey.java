package io.atelier.storage;

import java.util.Optional;
import java.util.regex.Pattern;

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

    private static final Pattern FORM = Pattern.compile(
            "(?=.{1,512}$)(?!.*//)(?!.*[^/]{201})(?!.*(^|/)\\.{1,2}(/|$))[A-Za-z0-9._-][A-Za-z0-9._/-]*\\.[a-z0-9]{1,4}");

    /** @throws IllegalArgumentException if the value does not have this form */
    public ObjectKey {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("Not an object key: '" + value + "'");
        }
    }

    /** The key of a text; empty if it does not have this form. */
    public static Optional<ObjectKey> parse(String value) {
        return FORM.matcher(value).matches() ? Optional.of(new ObjectKey(value)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}
