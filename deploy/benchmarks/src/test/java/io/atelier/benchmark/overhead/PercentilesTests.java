package io.atelier.benchmark.overhead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PercentilesTests {

    @Test
    void percentilesOfAHundredTimesAreTheTimesThemselves() {
        var times = IntStream.rangeClosed(1, 100)
                .mapToObj(number -> Duration.ofMillis(101 - number))
                .toList();

        var percentiles = Percentiles.of(times);

        assertThat(percentiles)
                .isEqualTo(new Percentiles(
                        100,
                        Duration.ofMillis(50),
                        Duration.ofMillis(90),
                        Duration.ofMillis(99),
                        Duration.ofMillis(100)));
    }

    @Test
    void aSingleTimeIsEachPercentile() {
        var time = Duration.ofMillis(7);

        assertThat(Percentiles.of(List.of(time))).isEqualTo(new Percentiles(1, time, time, time, time));
    }

    @Test
    void p99OfFewTimesIsTheSlowest() {
        var times = List.of(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(900));

        var percentiles = Percentiles.of(times);

        assertThat(percentiles.p99()).isEqualTo(Duration.ofMillis(900));
        assertThat(percentiles.p50()).isEqualTo(Duration.ofMillis(2));
    }

    @Test
    void noTimesAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Percentiles.of(List.of()));
    }
}
