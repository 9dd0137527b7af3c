package io.atelier.generator.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ResilienceTests {

    @Test
    @DisplayName("B-13: pauses double from one second on, up to ten")
    void pausesDoubleUpToTheCap() {
        var pauses = Resilience.backOff(SampleSettings.of().retry());

        assertThat(IntStream.rangeClosed(1, 6).mapToLong(pauses::apply))
                .containsExactly(1000L, 2000L, 4000L, 8000L, 10_000L, 10_000L);
        assertThat(SampleSettings.of().retry().maxRetries()).isEqualTo(3);
    }
}
