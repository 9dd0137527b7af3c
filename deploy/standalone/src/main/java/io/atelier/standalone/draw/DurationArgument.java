package io.atelier.standalone.draw;

import java.time.Duration;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a time as people type it: {@code 90}, {@code 90s}, {@code 5m}, {@code 1h}; at least a second, at most a week. */
final class DurationArgument implements ITypeConverter<Duration> {

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
        throw new TypeConversionException("'" + text + "' is no time; write 90s, 5m or 1h, from 1s to 168h");
    }
}
