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
record Round(List<Journey> journeys, Duration wall, Duration processorTime) {

    Round {
        journeys = List.copyOf(journeys);
    }

    /** All of the rounds as one. */
    static Round together(Collection<Round> rounds) {
        var journeys = new ArrayList<Journey>();
        rounds.forEach(round -> journeys.addAll(round.journeys()));
        return new Round(
                journeys,
                rounds.stream().map(Round::wall).reduce(Duration.ZERO, Duration::plus),
                rounds.stream().map(Round::processorTime).reduce(Duration.ZERO, Duration::plus));
    }

    /** Empty if no job was seen there. */
    Optional<Percentiles> until(Stage stage) {
        var times = journeys.stream()
                .flatMap(journey -> journey.until(stage).stream())
                .toList();
        return times.isEmpty() ? Optional.empty() : Optional.of(Percentiles.of(times));
    }

    Percentiles endToEnd() {
        return until(Stage.ANNOUNCED).orElseThrow();
    }

    double jobsASecond() {
        return journeys.size() / (wall.toNanos() / 1e9);
    }

    double processorMillisAJob() {
        return processorTime.toNanos() / 1e6 / journeys.size();
    }
}
