package io.atelier.messaging.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClockRollbackWatchdogTests {

    private Instant now = Instant.parse("2026-11-21T10:00:00Z");
    private long nanos = -77_000_000;
    private final List<Duration> rollbacks = new ArrayList<>();
    private final ClockRollbackWatchdog watchdog = new ClockRollbackWatchdog(() -> now, () -> nanos, rollbacks::add);

    @Test
    void anAccurateClockIsNotReported() {
        for (int second = 0; second < 100; second++) {
            advance(Duration.ofSeconds(1), Duration.ZERO);
        }

        assertThat(rollbacks).isEmpty();
    }

    @Test
    void aRollbackIsReportedOnceWithItsDuration() {
        advance(Duration.ofSeconds(1), Duration.ofMinutes(-85));
        advance(Duration.ofSeconds(1), Duration.ZERO);

        assertThat(rollbacks).containsExactly(Duration.ofMinutes(85));
    }

    @Test
    void aClockThatIsSetForwardIsReportedOnlyWhenItIsCorrected() {
        advance(Duration.ofSeconds(1), Duration.ofHours(2));
        assertThat(rollbacks).isEmpty();

        advance(Duration.ofSeconds(1), Duration.ofHours(-2));
        assertThat(rollbacks).containsExactly(Duration.ofHours(2));
    }

    @Test
    void aRollbackOfTenSecondsIsTolerated() {
        advance(Duration.ofSeconds(1), Duration.ofSeconds(-10));
        advance(Duration.ofSeconds(60), Duration.ofSeconds(-9));

        assertThat(rollbacks).isEmpty();
    }

    private void advance(Duration elapsed, Duration adjustment) {
        nanos += elapsed.toNanos();
        now = now.plus(elapsed).plus(adjustment);
        watchdog.check();
    }
}
