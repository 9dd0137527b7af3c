package io.atelier.generator.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ResilienceTests {

    @Test
    @DisplayName("Retry intervals double from 1 s up to 10 s")
    void retryIntervalsDoubleUpToTheMaximum() {
        var intervals = Resilience.backOff(SampleSettings.of().retry());

        assertThat(IntStream.rangeClosed(1, 6).mapToLong(intervals::apply))
                .containsExactly(1000L, 2000L, 4000L, 8000L, 10_000L, 10_000L);
        assertThat(SampleSettings.of().retry().maxRetries()).isEqualTo(3);
    }
}
