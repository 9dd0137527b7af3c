package io.atelier.standalone.draw;

import java.time.Duration;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses a duration such as {@code 90} (seconds), {@code 90s}, {@code 5m} or {@code 1h}, from 1 s to 7 days. */
final class DurationConverter implements ITypeConverter<Duration> {

    private static final Pattern FORM = Pattern.compile("(\\d{1,6})([smh]?)");
    private static final Duration LONGEST = Duration.ofDays(7);

    @Override
    public Duration convert(String text) {
        var parts = FORM.matcher(text);
        if (parts.matches()) {
            long number = Long.parseLong(parts.group(1));
            var time = parts.group(2).equals("h")
                    ? Duration.ofHours(number)
                    : parts.group(2).equals("m") ? Duration.ofMinutes(number) : Duration.ofSeconds(number);
            if (!time.isZero() && time.compareTo(LONGEST) <= 0) {
                return time;
            }
        }
        throw new TypeConversionException("'" + text + "' is not a duration; use 90s, 5m or 1h, from 1s to 168h");
    }
}
