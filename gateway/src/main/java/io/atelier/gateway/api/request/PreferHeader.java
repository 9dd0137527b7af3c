package io.atelier.gateway.api.request;

import io.atelier.gateway.api.exchange.HeaderParts;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;

/**
 * The preferences of the header {@code Prefer} that this API knows (RFC 7240). The first instance of each counts; unknown and malformed
 * preferences are ignored.
 *
 * @param respondAsync whether the client prefers a response before the job has ended
 * @param waitTimeout how long to wait for the job, 1 to 60 s; a longer wait is shortened to 60 s, and a wait without a number is 60 s; empty if the
 *     client does not ask to wait
 */
public record PreferHeader(boolean respondAsync, Optional<Duration> waitTimeout) {

    public static final String HEADER = "Prefer";

    /** The response header that lists the preferences that were applied. */
    public static final String APPLIED = "Preference-Applied";

    /** Is the value of no preference. */
    private static final String MALFORMED = "=";

    private static final Pattern SECONDS = Pattern.compile("\\d{1,18}");

    /** The preferences in the headers of a request. */
    public static PreferHeader of(HttpHeaders headers) {
        Map<String, String> values = new HashMap<>();
        for (var line : headers.getOrEmpty(HEADER)) {
            for (var preference : HeaderParts.split(line, ',')) {
                // Parameters follow the first semicolon; none is known.
                var parts = HeaderParts.split(HeaderParts.split(preference, ';').get(0), '=');
                var value = parts.size() == 1
                        ? ""
                        : parts.size() == 2 ? unquoted(parts.get(1).strip()) : MALFORMED;
                values.putIfAbsent(parts.get(0).strip().toLowerCase(Locale.ROOT), value);
            }
        }
        return new PreferHeader(
                values.getOrDefault("respond-async", "no").isEmpty(),
                Optional.ofNullable(values.get("wait")).flatMap(PreferHeader::seconds));
    }

    /** The value of {@link #APPLIED} for a wait; empty if the client does not ask to wait. */
    public Optional<String> appliedWait() {
        return waitTimeout.map(timeout -> "wait=" + timeout.toSeconds());
    }

    private static Optional<Duration> seconds(String value) {
        // RFC 7240 §2: an empty value is no value.
        if (value.isEmpty()) {
            return Optional.of(Duration.ofSeconds(RequestLimits.MAX_WAIT_SECONDS));
        }
        return Optional.of(value)
                .filter(text -> SECONDS.matcher(text).matches())
                .map(Long::parseLong)
                .filter(seconds -> seconds > 0)
                .map(seconds -> Duration.ofSeconds(Math.min(RequestLimits.MAX_WAIT_SECONDS, seconds)));
    }

    private static String unquoted(String word) {
        boolean quoted = word.length() > 1 && word.startsWith("\"") && word.endsWith("\"");
        return quoted ? word.substring(1, word.length() - 1) : word;
    }
}
