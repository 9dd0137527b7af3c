package io.atelier.image.png;

/** Makes text safe to be written into files that other programs show: without control characters, and well-formed Unicode. */
public final class VisibleCharacters {

    private static final char REPLACEMENT = '\uFFFD';

    private VisibleCharacters() {}

    /**
     * The text with every end of line as one line feed. Other control characters (except tabs), lone surrogates, and characters that XML 1.0 does
     * not allow become U+FFFD.
     */
    public static String of(String text) {
        var clean = new StringBuilder(text.length());
        var lines = text.replace("\r\n", "\n").replace('\r', '\n');
        for (int i = 0; i < lines.length(); ) {
            int c = lines.codePointAt(i);
            clean.appendCodePoint(isVisible(c) ? c : REPLACEMENT);
            i += Character.charCount(c);
        }
        return clean.toString();
    }

    private static boolean isVisible(int c) {
        if (c == '\n' || c == '\t') {
            return true;
        }
        boolean isLoneSurrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        return !Character.isISOControl(c) && !isLoneSurrogate && (c & 0xFFFE) != 0xFFFE;
    }
}
