package io.atelier.benchmark.overhead;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OverheadBenchmarkTests {

    @Test
    void theRatioIsThatOfTheMedianPair() {
        assertThat(OverheadBenchmark.ratio(rounds(10, 30, 50), rounds(10, 10, 100), Measurement::jobsPerSecond))
                .isEqualTo(1.0);
    }

    @Test
    void forAnEvenNumberOfPairsTheRatioIsTheMeanOfTheMiddleOnes() {
        assertThat(OverheadBenchmark.ratio(rounds(20, 10), rounds(10, 10), OverheadBenchmarkTests::wallMillis))
                .isEqualTo(1.5);
    }

    private static long wallMillis(Measurement round) {
        return round.wall().toMillis();
    }

    private static List<Measurement> rounds(long... wallMillis) {
        return LongStream.of(wallMillis)
                .mapToObj(wall ->
                        new Measurement(List.of(new JobTimeline()), Duration.ofMillis(wall), Duration.ofMillis(wall)))
                .toList();
    }
}
