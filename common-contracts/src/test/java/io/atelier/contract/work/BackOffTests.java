package io.atelier.contract.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackOffTests {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 4", "4, 8", "5, 10", "6, 10", "100, 10"})
    void doublesUpToTheLongest(int attempt, int seconds) {
        assertThat(BackOff.after(attempt)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource({"-3600000, 0", "-1, 0", "0, 0", "1, 1", "4000, 4000", "10000, 10000", "10001, 10000", "5057000, 10000"})
    void neverWaitsLongerThanAnyBackOffWhateverTheOtherClockSaid(long aheadMillis, long waitMillis) {
        assertThat(BackOff.left(NOW.plusMillis(aheadMillis), NOW)).isEqualTo(Duration.ofMillis(waitMillis));
    }
}
