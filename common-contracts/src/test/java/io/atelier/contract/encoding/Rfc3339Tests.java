package io.atelier.contract.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc3339Tests {

    private static final long SEED = 20_261_201L;

    @Test
    void writesWhatTheFormattersOfJavaWrite() {
        var formatter = new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

        assertThat(times()).allSatisfy(time -> {
            assertThat(Rfc3339.exact(time)).isEqualTo(time.toString());
            assertThat(Rfc3339.milliseconds(time)).isEqualTo(formatter.format(time));
        });
    }

    @Test
    void readsWhatItWrites() {
        assertThat(times().filter(time -> time.toString().length() <= 30
                        && Character.isDigit(time.toString().charAt(0))))
                .allSatisfy(
                        time -> assertThat(Rfc3339.parse(Rfc3339.exact(time))).contains(time));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-12-01T04:18:09.1Z", "2026-12-01T04:18:09.1234Z", "2024-02-29T23:59:59.000000001Z"})
    void readsAnyNumberOfDigits(String text) {
        assertThat(Rfc3339.parse(text)).contains(Instant.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Z",
                "2026-12-01",
                "2026-12-01T04:18Z",
                "2026-12-01T04:18:09",
                "2026-12-01T04:18:09z",
                "2026-12-01t04:18:09Z",
                "2026-12-01T04:18:09.Z",
                "2026-12-01T04:18:09.1234567890Z",
                "2026-12-01T04:18:09,5Z",
                "2026-12-01T04:18:09+00:00",
                "2026-12-01T04:18:09.1+01Z",
                "2026-12-01T24:00:00Z",
                "2026-12-01T04:60:00Z",
                "2016-12-31T23:59:60Z",
                "2026-02-29T04:18:09Z",
                "2026-04-31T04:18:09Z",
                "2026-13-01T04:18:09Z",
                "2026-00-01T04:18:09Z",
                "2026-12-00T04:18:09Z",
                "-026-12-01T04:18:09Z",
                "2026-12-01T04:18:0 Z",
                "２026-12-01T04:18:09Z",
                " 2026-12-01T04:18:09Z"
            })
    void readsNoOtherText(String text) {
        assertThat(Rfc3339.parse(text)).isEmpty();
    }

    /** The limits of what has four digits of a year, and random times of all lengths. */
    private static Stream<Instant> times() {
        var random = new Random(SEED);
        var limits = Stream.of(
                        "-0001-12-31T23:59:59.999999999Z",
                        "0000-01-01T00:00:00Z",
                        "1969-12-31T23:59:59.999Z",
                        "1970-01-01T00:00:00Z",
                        "2024-02-29T12:00:00Z",
                        "2026-12-01T04:18:09.120Z",
                        "2026-12-01T04:18:09.000120Z",
                        "2026-12-01T04:18:09.000000120Z",
                        "9999-12-31T23:59:59.999999999Z",
                        "+10000-01-01T00:00:00Z")
                .map(Instant::parse);
        long first = Instant.parse("-0010-01-01T00:00:00Z").getEpochSecond();
        long end = Instant.parse("+10010-01-01T00:00:00Z").getEpochSecond();
        var steps = new int[] {1, 1_000, 1_000_000, 1_000_000_000};
        return Stream.concat(
                limits,
                Stream.generate(() -> {
                            int step = steps[random.nextInt(steps.length)];
                            long second = first + (long) (random.nextDouble() * (end - first));
                            return Instant.ofEpochSecond(second, (long) random.nextInt(1_000_000_000 / step) * step);
                        })
                        .limit(20_000));
    }
}
