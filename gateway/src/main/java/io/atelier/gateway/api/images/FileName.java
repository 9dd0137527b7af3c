package io.atelier.gateway.api.images;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.http.MediaType;

/**
 * A file name that is safe on any system: no folders, no control or direction characters, nothing that a shell or Windows treats specially.
 *
 * @param value at most 120 characters, ending in {@code .png} or {@code .jpg}
 */
record FileName(String value) {

    private static final int MAX_STEM = 116;
    private static final Pattern PNG = Pattern.compile("\\.png$", Pattern.CASE_INSENSITIVE);
    private static final Pattern JPEG = Pattern.compile("\\.jpe?g$", Pattern.CASE_INSENSITIVE);
    private static final String FORBIDDEN = "<>:\"|?*%$`;&'";
    private static final String UNESCAPED = "!#$&+-.^_`|~";
    private static final Set<String> DEVICES = Set.of("con", "prn", "aux", "nul");

    /**
     * The safe name nearest to the requested one, or the fallback, which must be safe, if no character of it is left.
     *
     * @param mediaType of the file; its extension follows from it
     */
    static FileName of(String requested, String fallback, String mediaType) {
        boolean isJpeg = mediaType.equals(MediaType.IMAGE_JPEG_VALUE);
        var normal = Normalizer.normalize(requested, Normalizer.Form.NFC).replace('\\', '/');
        var last = normal.substring(normal.lastIndexOf('/') + 1);
        var kept = new StringBuilder();
        last.codePoints().map(FileName::safe).forEach(kept::appendCodePoint);
        var stem = stem(kept.toString(), isJpeg ? JPEG : PNG);
        return new FileName((stem.isEmpty() || isDevice(stem) ? fallback : stem) + (isJpeg ? ".jpg" : ".png"));
    }

    /** The value of {@code Content-Disposition} (RFC 6266), with a second name in the encoding of RFC 8187 if the name is not ASCII. */
    String disposition(String kind) {
        var plain = value.codePoints()
                .map(point -> point < 0x80 ? point : '_')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
        var disposition = kind + "; filename=\"" + plain + "\"";
        return value.contentEquals(plain) ? disposition : disposition + "; filename*=UTF-8''" + encoded();
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

    private static int safe(int point) {
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

    private static String stem(String name, Pattern extension) {
        var bare = extension.matcher(name).replaceFirst("");
        int end = Math.min(MAX_STEM, bare.length());
        if (end < bare.length() && Character.isHighSurrogate(bare.charAt(end - 1))) {
            end--;
        }
        // Leading dots hide a file, a leading dash makes it an option, and Windows removes dots and spaces at the end.
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
