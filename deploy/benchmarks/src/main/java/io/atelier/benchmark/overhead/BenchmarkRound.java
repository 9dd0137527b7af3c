package io.atelier.benchmark.overhead;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What was measured in one go.
 *
 * @param wall how long all of it took
 * @param processorTime what the system's processes used meanwhile
 */
record BenchmarkRound(List<JobTimeline> journeys, Duration wall, Duration processorTime) {

    BenchmarkRound {
        journeys = List.copyOf(journeys);
    }

    /** All of the rounds as one. */
    static BenchmarkRound together(Collection<BenchmarkRound> rounds) {
        var journeys = new ArrayList<JobTimeline>();
        rounds.forEach(round -> journeys.addAll(round.journeys()));
        return new BenchmarkRound(
                journeys,
                rounds.stream().map(BenchmarkRound::wall).reduce(Duration.ZERO, Duration::plus),
                rounds.stream().map(BenchmarkRound::processorTime).reduce(Duration.ZERO, Duration::plus));
    }

    /** Empty if no job was seen there. */
    Optional<Percentiles> until(JobStage stage) {
        var times = journeys.stream()
                .flatMap(journey -> journey.until(stage).stream())
                .toList();
        return times.isEmpty() ? Optional.empty() : Optional.of(Percentiles.of(times));
    }

    Percentiles endToEnd() {
        return until(JobStage.ANNOUNCED).orElseThrow();
    }

    double jobsASecond() {
        return journeys.size() / (wall.toNanos() / 1e9);
    }

    double processorMillisAJob() {
        return processorTime.toNanos() / 1e6 / journeys.size();
    }
}
