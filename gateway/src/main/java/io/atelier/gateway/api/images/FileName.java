package io.atelier.gateway.api.images;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;

/**
 * A name under which a picture can be saved on any system without harm: no folders, no control or direction characters, nothing that a
 * shell or Windows treats specially.
 *
 * @param value at most 120 characters, ending in {@code .png}
 */
record FileName(String value) {

    private static final int LONGEST_STEM = 116;
    private static final String EXTENSION = ".png";
    private static final String FORBIDDEN = "<>:\"|?*%$`;&'";
    private static final String UNESCAPED = "!#$&+-.^_`|~";
    private static final Set<String> DEVICES = Set.of("con", "prn", "aux", "nul");

    /** The harmless name nearest to the one wished for; the fallback, which is harmless, if nothing is left of it. */
    static FileName of(String wish, String fallback) {
        var normal = Normalizer.normalize(wish, Normalizer.Form.NFC).replace('\\', '/');
        var last = normal.substring(normal.lastIndexOf('/') + 1);
        var kept = new StringBuilder();
        last.codePoints().map(FileName::harmless).forEach(kept::appendCodePoint);
        var stem = stem(kept.toString());
        return new FileName((stem.isEmpty() || isDevice(stem) ? fallback : stem) + EXTENSION);
    }

    /** The header {@code Content-Disposition} (RFC 6266), with the name in RFC 8187's form beside the plain one if it needs that. */
    String disposition(String kind) {
        var plain = value.codePoints()
                .map(point -> point < 0x80 ? point : '_')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
        var header = kind + "; filename=\"" + plain + "\"";
        return value.contentEquals(plain) ? header : header + "; filename*=UTF-8''" + encoded();
    }

    private String encoded() {
        var encoded = new StringBuilder();
        for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (octet & 0xFF);
            if (character < 0x80 && (Character.isLetterOrDigit(character) || UNESCAPED.indexOf(character) >= 0)) {
                encoded.append(character);
            } else {
                encoded.append('%').append(String.format(Locale.ROOT, "%02X", (int) character));
            }
        }
        return encoded.toString();
    }

    private static int harmless(int point) {
        int type = Character.getType(point);
        if (type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.UNASSIGNED
                || type == Character.PRIVATE_USE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || FORBIDDEN.indexOf(point) >= 0) {
            return '_';
        }
        return Character.isSpaceChar(point) ? ' ' : point;
    }

    private static String stem(String name) {
        var bare = name.toLowerCase(Locale.ROOT).endsWith(EXTENSION)
                ? name.substring(0, name.length() - EXTENSION.length())
                : name;
        int end = Math.min(LONGEST_STEM, bare.length());
        if (end < bare.length() && Character.isHighSurrogate(bare.charAt(end - 1))) {
            end--;
        }
        // Leading dots hide a file, a leading dash makes it an option, and Windows drops dots and blanks at the end.
        return bare.substring(0, end).replaceAll("^[\\s._-]+|[\\s._]+$", "");
    }

    private static boolean isDevice(String stem) {
        int dot = stem.indexOf('.');
        var first = (dot < 0 ? stem : stem.substring(0, dot))
                .toLowerCase(Locale.ROOT)
                .strip();
        return DEVICES.contains(first) || first.matches("(com|lpt)[0-9]");
    }
}
