package io.atelier.gateway.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterHeaderTests {

    private static final Instant NOW = Instant.parse("2026-07-30T10:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "120 | PT2M",
                "0 | PT0S",
                "99999999999999999999 | PT999999999S",
                "Thu, 30 Jul 2026 10:00:30 GMT | PT30S",
                "Thu, 30 Jul 2026 09:00:00 GMT | PT0S"
            })
    void secondsAndDatesAreRead(String header, Duration expected) {
        assertThat(RetryAfterHeader.read(503, header, NOW)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-1", "1.5", "2026-07-30T10:00:30Z"})
    void anythingElseIsIgnored(String header) {
        assertThat(RetryAfterHeader.read(503, header, NOW)).isNull();
    }

    @Test
    void onlyAnOverloadedReceiverMayPostpone() {
        assertThat(RetryAfterHeader.read(429, "7", NOW)).isEqualTo(Duration.ofSeconds(7));
        assertThat(RetryAfterHeader.read(500, "7", NOW)).isNull();
        assertThat(RetryAfterHeader.read(503, null, NOW)).isNull();
    }
}
