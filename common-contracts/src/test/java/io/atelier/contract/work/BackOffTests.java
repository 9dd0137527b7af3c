package io.atelier.contract.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackOffTests {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 1", "3, 2", "4, 4", "5, 8", "6, 10", "7, 10", "100, 10"})
    void theBackOffDoublesUpToTenSeconds(int attempt, int seconds) {
        assertThat(BackOff.before(attempt)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource({
        "2, -3600000, 0",
        "2, -1, 0",
        "2, 0, 0",
        "2, 400, 400",
        "2, 1000, 1000",
        "2, 1001, 1000",
        "3, 1001, 1001",
        "2, 5057000, 1000",
        "9, 5057000, 10000",
        "1, 5057000, 0"
    })
    void theRemainingTimeIsAtMostTheBackOffWhateverTheOtherClockShows(int attempt, long aheadMillis, long waitMillis) {
        assertThat(BackOff.left(attempt, NOW.plusMillis(aheadMillis), NOW)).isEqualTo(Duration.ofMillis(waitMillis));
    }
}
