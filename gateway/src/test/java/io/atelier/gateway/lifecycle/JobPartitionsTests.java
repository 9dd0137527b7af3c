package io.atelier.gateway.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.JobId;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobPartitionsTests {

    /** Written down, because a job must be found in its partition by every later version. */
    @ParameterizedTest
    @CsvSource({
        "gen_01m8rjeg0dezk85c29stxj41et, 1, 0",
        "gen_01m8rjeg0dezk85c29stxj41et, 4, 3",
        "gen_01m8rjefhqe18r3277j8r7bjcs, 4, 1",
        "gen_01m8rjefhqe18r3277j8r7bjcs, 7, 5"
    })
    void aJobHasAFixedPartition(String job, int partitions, int expected) {
        assertThat(new JobPartitions(partitions).of(job)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 8, 64})
    void jobsAreSpreadEvenly(int partitions) {
        var now = Instant.now();
        var random = new SecureRandom();
        int jobs = 1_000 * partitions;

        var counts = IntStream.range(0, jobs)
                .mapToObj(job -> JobId.create(now, random).value())
                .collect(Collectors.groupingBy(new JobPartitions(partitions)::of, Collectors.counting()));

        assertThat(counts).hasSize(partitions);
        // Eight standard deviations of a fair choice.
        assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(750L, 1_250L));
    }
}
