package io.atelier.gateway.api.request;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;

/**
 * What the header {@code Prefer} says, as far as it is understood (RFC 7240): the first instance of each preference counts, and whatever is
 * unknown or malformed is as if it was not there.
 *
 * @param respondAsync whether the client does not want to wait for the end of what it asks for
 * @param patience how long the client would wait, 1 to 60 s; empty if it does not say
 */
public record PreferHeader(boolean respondAsync, Optional<Duration> patience) {

    /** The header. */
    public static final String HEADER = "Prefer";

    /** The header of the answer that tells what was heeded. */
    public static final String APPLIED = "Preference-Applied";

    private static final long LONGEST_WAIT = 60;
    private static final Pattern SECONDS = Pattern.compile("\\d{1,18}");

    /** What the headers of a request say. */
    public static PreferHeader of(HttpHeaders headers) {
        Map<String, String> values = new HashMap<>();
        for (var line : headers.getOrEmpty(HEADER)) {
            for (var preference : split(line, ',')) {
                // What comes after the first semicolon are parameters, and none is known.
                var parts = split(split(preference, ';').get(0), '=');
                var value = parts.size() == 2 ? unquoted(parts.get(1).strip()) : "";
                values.putIfAbsent(parts.get(0).strip().toLowerCase(Locale.ROOT), value);
            }
        }
        return new PreferHeader(
                values.getOrDefault("respond-async", "no").isEmpty(), seconds(values.getOrDefault("wait", "")));
    }

    /** The value of {@link #APPLIED} when the wait was heeded; empty if there was nothing to heed. */
    public Optional<String> waited() {
        return patience.map(time -> "wait=" + time.toSeconds());
    }

    private static Optional<Duration> seconds(String value) {
        return Optional.of(value)
                .filter(text -> SECONDS.matcher(text).matches())
                .map(Long::parseLong)
                .filter(seconds -> seconds > 0)
                .map(seconds -> Duration.ofSeconds(Math.min(LONGEST_WAIT, seconds)));
    }

    private static String unquoted(String word) {
        boolean quoted = word.length() > 1 && word.startsWith("\"") && word.endsWith("\"");
        return quoted ? word.substring(1, word.length() - 1) : word;
    }

    /** The parts between the separators that are in no quotes; at least one. */
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
