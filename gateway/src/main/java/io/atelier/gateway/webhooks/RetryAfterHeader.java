package io.atelier.gateway.webhooks;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the header {@code Retry-After} of a receiver that is overloaded or down. */
final class RetryAfterHeader {

    private static final int MAX_DIGITS = 9;
    private static final long MAX_SECONDS = 999_999_999;
    private static final Set<Integer> STATUSES = Set.of(429, 503);

    private RetryAfterHeader() {}

    /**
     * The time that the receiver asks to wait, from 0 to 31 years.
     *
     * @param header seconds or an HTTP date; null if there is none
     * @return null if the status is another one, or the header is neither
     */
    static @Nullable Duration read(int status, @Nullable String header, Instant now) {
        if (header == null || !STATUSES.contains(status)) {
            return null;
        }
        var text = header.strip();
        if (text.matches("\\d+")) {
            return Duration.ofSeconds(text.length() > MAX_DIGITS ? MAX_SECONDS : Long.parseLong(text));
        }
        return untilDate(text, now);
    }

    private static @Nullable Duration untilDate(String text, Instant now) {
        try {
            var date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return date.isAfter(now) ? Duration.between(now, date) : Duration.ZERO;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
