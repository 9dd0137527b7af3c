package io.atelier.storage;

import java.util.regex.Pattern;

/**
 * Where an object lies in the bucket. Keys are immutable: what was put once is never overwritten, and no key is the folder of another.
 *
 * <p>1 to 512 characters of {@code A-Z a-z 0-9 . _ - /}, no empty, {@code .} or {@code ..} segment, none of more than 200
 * characters (stores that keep objects as files give them such names), ending in a file extension.
 */
public record ObjectKey(String value) {

    private static final Pattern FORM = Pattern.compile(
            "(?=.{1,512}$)(?!.*//)(?!.*[^/]{201})(?!.*(^|/)\\.{1,2}(/|$))[A-Za-z0-9._-][A-Za-z0-9._/-]*\\.[a-z0-9]{1,4}");

    public ObjectKey {
        if (!isOne(value)) {
            throw new IllegalArgumentException("Not an object key: '" + value + "'");
        }
    }

    /** Whether the text is the value of a key. */
    static boolean isOne(String value) {
        return FORM.matcher(value).matches();
    }

    @Override
    public String toString() {
        return value;
    }
}
