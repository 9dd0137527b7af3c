package io.atelier.messaging.logging;

/**
 * Escapes control characters in texts that come from clients, providers or files. A terminal that receives such a character may change its
 * title, its colours or earlier lines, and a reader of a log may take the rest of a text for another line.
 */
public final class ControlCharacters {

    private static final char DELETE = 0x7f;
    private static final char LAST_OF_C1 = 0x9f;
    private static final char LINE_SEPARATOR = 0x2028;
    private static final char PARAGRAPH_SEPARATOR = 0x2029;

    private ControlCharacters() {}

    /** The text with an escape such as <code>&#92;u001b</code> for each control character, line breaks included. Tabs are kept. */
    public static String escape(String text) {
        return escape(text, false);
    }

    /** As {@link #escape}, but line breaks (line feed, with or without a carriage return before it) are kept. */
    public static String escapeWithinLines(String text) {
        return escape(text, true);
    }

    private static String escape(String text, boolean keepLines) {
        int first = 0;
        while (first < text.length() && !mustBeEscaped(text, first, keepLines)) {
            first++;
        }
        if (first == text.length()) {
            return text;
        }
        var escaped = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int i = first; i < text.length(); i++) {
            char character = text.charAt(i);
            if (mustBeEscaped(text, i, keepLines)) {
                escaped.append(
                        character == '\n' ? "\\n" : character == '\r' ? "\\r" : "\\u%04x".formatted((int) character));
            } else {
                escaped.append(character);
            }
        }
        return escaped.toString();
    }

    private static boolean mustBeEscaped(String text, int index, boolean keepLines) {
        char character = text.charAt(index);
        if (keepLines && (character == '\n' || text.startsWith("\r\n", index))) {
            return false;
        }
        return (character < ' ' && character != '\t')
                || (character >= DELETE && character <= LAST_OF_C1)
                || character == LINE_SEPARATOR
                || character == PARAGRAPH_SEPARATOR;
    }
}
