package io.atelier.benchmark.restart;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestartBenchmarkTests {

    @Test
    void theMedianIsTheTimeInTheMiddle() {
        assertThat(RestartBenchmark.median(List.of(seconds(9), seconds(1), seconds(2))))
                .isEqualTo(seconds(2));
        assertThat(RestartBenchmark.median(List.of(seconds(4), seconds(3)))).isEqualTo(seconds(4));
    }

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }
}
