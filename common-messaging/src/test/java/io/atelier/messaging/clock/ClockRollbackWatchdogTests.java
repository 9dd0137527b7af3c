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
    private final List<Duration> told = new ArrayList<>();
    private final ClockRollbackWatchdog watch = new ClockRollbackWatchdog(() -> now, () -> nanos, told::add);

    @Test
    void clockThatGoesAsItShouldIsNotSpokenOf() {
        for (int second = 0; second < 100; second++) {
            pass(Duration.ofSeconds(1), Duration.ZERO);
        }

        assertThat(told).isEmpty();
    }

    @Test
    void clockThatIsSetBackIsToldOnceAndByHowMuch() {
        pass(Duration.ofSeconds(1), Duration.ofMinutes(-85));
        pass(Duration.ofSeconds(1), Duration.ZERO);

        assertThat(told).containsExactly(Duration.ofMinutes(85));
    }

    @Test
    void clockThatIsSetForwardIsNotToldBeforeItIsSetRight() {
        pass(Duration.ofSeconds(1), Duration.ofHours(2));
        assertThat(told).isEmpty();

        pass(Duration.ofSeconds(1), Duration.ofHours(-2));
        assertThat(told).containsExactly(Duration.ofHours(2));
    }

    @Test
    void littleIsLetPass() {
        pass(Duration.ofSeconds(1), Duration.ofSeconds(-10));
        pass(Duration.ofSeconds(60), Duration.ofSeconds(-9));

        assertThat(told).isEmpty();
    }

    private void pass(Duration time, Duration set) {
        nanos += time.toNanos();
        now = now.plus(time).plus(set);
        watch.look();
    }
}
