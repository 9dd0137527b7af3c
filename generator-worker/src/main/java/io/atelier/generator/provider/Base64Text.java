package io.atelier.generator.provider;

import java.util.Base64;
import java.util.regex.Pattern;

/** Decodes base64 as providers send it: with line breaks, as a {@code data:} URL, in the alphabet for URLs, or without padding. */
public final class Base64Text {

    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");
    private static final String DATA_URL = "data:";

    private Base64Text() {}

    /** Whether the text is a {@code data:} URL. */
    public static boolean isDataUrl(String text) {
        return text.regionMatches(true, 0, DATA_URL, 0, DATA_URL.length());
    }

    /**
     * The bytes.
     *
     * @throws IllegalArgumentException if a character belongs to no alphabet of base64
     */
    public static byte[] decode(String text) {
        var encoded = isDataUrl(text) ? text.substring(text.indexOf(',') + 1) : text;
        var plain = WHITE_SPACE.matcher(encoded).replaceAll("");
        boolean isForUrls = plain.indexOf('-') >= 0 || plain.indexOf('_') >= 0;
        return (isForUrls ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(plain);
    }
}
