package io.atelier.gateway.api.exchange;

import java.util.ArrayList;
import java.util.List;

/** Takes the value of a header apart, which may have quoted strings (RFC 9110 §5.6.4). */
public final class HeaderParts {

    private HeaderParts() {}

    /** The parts between the separators outside of quotes; at least one. */
    public static List<String> split(String text, char separator) {
        var parts = new ArrayList<String>();
        boolean quoted = false;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            if (next == '\\' && quoted) {
                i++;
            } else if (next == '"') {
                quoted = !quoted;
            } else if (next == separator && !quoted) {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(text.substring(from));
        return parts;
    }
}
