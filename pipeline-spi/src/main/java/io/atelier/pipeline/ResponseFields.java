package io.atelier.pipeline;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Rules for the header of a response. */
final class ResponseFields {

    /** What the gateway sets itself: where a response ends, and how the connection goes on. */
    private static final Set<String> OF_THE_GATEWAY = Set.of(
            "connection",
            "content-length",
            "content-range",
            "content-type",
            "date",
            "keep-alive",
            "location",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "x-request-id");

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}";
    private static final Pattern NAME = Pattern.compile(TOKEN);
    private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e\\xa0-\\xff]{0,8000}");
    private static final Pattern MEDIA_TYPE = Pattern.compile(TOKEN + "/" + TOKEN + "(;[\\x20-\\x7e]{1,200})?");

    private ResponseFields() {}

    static void requireField(String name, String value) {
        if (!NAME.matcher(name).matches() || OF_THE_GATEWAY.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    "A result cannot set the header '%s'".formatted(name.replaceAll("\\p{Cntrl}", "?")));
        }
        if (!VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "The value of the header '%s' must be one line of characters of ISO 8859-1".formatted(name));
        }
    }

    static void requireMediaType(String value) {
        if (!MEDIA_TYPE.matcher(value).matches()) {
            throw new IllegalArgumentException("'%s' must be a media type, such as application/pdf"
                    .formatted(value.replaceAll("\\p{Cntrl}", "?")));
        }
    }

    static void requireFileName(String name) {
        boolean isSafe = name.codePoints()
                .noneMatch(point -> point == '/'
                        || point == '\\'
                        || point == '"'
                        || Character.isISOControl(point)
                        || Character.getType(point) == Character.SURROGATE);
        if (!isSafe || name.isBlank()) {
            throw new IllegalArgumentException(
                    "A file name must have characters, and no slashes, quotation marks or control characters");
        }
    }
}
