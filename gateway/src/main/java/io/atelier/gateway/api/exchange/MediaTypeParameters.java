package io.atelier.gateway.api.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds parameters of media types that have no value (RFC 9110 §5.6.6), which the framework leaves out, as if the client had not sent them. */
public final class MediaTypeParameters {

    private static final Pattern PARAMETER = Pattern.compile("[^\\s=\";,]+=(?!\"\"$)\\S.*", Pattern.DOTALL);
    private static final int MAX_SHOWN = 64;

    private MediaTypeParameters() {}

    /** The first parameter of the media types in a header that is not NAME=VALUE; empty if there is none. */
    public static Optional<String> withoutValue(String header) {
        return split(header, ',').stream()
                .flatMap(type -> split(type, ';').stream().skip(1))
                .map(String::strip)
                // An empty parameter is allowed, such as that after a last semicolon.
                .filter(parameter ->
                        !parameter.isEmpty() && !PARAMETER.matcher(parameter).matches())
                .map(parameter -> parameter.length() <= MAX_SHOWN ? parameter : parameter.substring(0, MAX_SHOWN))
                .findFirst();
    }

    /** The parts between the separators outside of quotes. */
    private static List<String> split(String text, char separator) {
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
