package io.atelier.benchmark.overhead;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OverheadTests {

    @Test
    void theRatioIsThatOfTheMiddlePair() {
        assertThat(Overhead.ratio(rounds(10, 30, 50), rounds(10, 10, 100), BenchmarkRound::jobsASecond))
                .isEqualTo(1.0);
    }

    @Test
    void betweenTwoMiddlePairsItIsTheirMean() {
        assertThat(Overhead.ratio(rounds(20, 10), rounds(10, 10), OverheadTests::wallMillis))
                .isEqualTo(1.5);
    }

    private static long wallMillis(BenchmarkRound round) {
        return round.wall().toMillis();
    }

    private static List<BenchmarkRound> rounds(long... wallMillis) {
        return LongStream.of(wallMillis)
                .mapToObj(wall -> new BenchmarkRound(
                        List.of(new JobTimeline()), Duration.ofMillis(wall), Duration.ofMillis(wall)))
                .toList();
    }
}
