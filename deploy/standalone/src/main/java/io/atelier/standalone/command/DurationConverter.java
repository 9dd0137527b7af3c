package io.atelier.standalone.command;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses a duration with its unit, such as {@code 1500ms}, {@code 90s}, {@code 5m}, {@code 1h} or {@code 2d}, from 1 s to 7 days. */
final class DurationConverter implements ITypeConverter<Duration> {

    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(7);

    @Override
    public Duration convert(String text) {
        var parts = FORM.matcher(text.toLowerCase(Locale.ROOT));
        if (parts.matches()) {
            var time = duration(Long.parseLong(parts.group(1)), parts.group(2));
            if (time.compareTo(SHORTEST) >= 0 && time.compareTo(LONGEST) <= 0) {
                return time;
            }
        }
        throw new TypeConversionException(
                "'%s' must be a duration with its unit, such as 1500ms, 90s, 5m, 1h or 2d, from 1s to 7d"
                        .formatted(text));
    }

    private static Duration duration(long number, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }
}
