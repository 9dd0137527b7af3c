package io.atelier.benchmark.overhead;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Result of one round: the timelines of its jobs and the resources used.
 *
 * @param wall the elapsed time
 * @param processorTime the processor time that the processes of the system used
 */
record Measurement(List<JobTimeline> timelines, Duration wall, Duration processorTime) {

    Measurement {
        timelines = List.copyOf(timelines);
    }

    /** Merges several rounds into one. */
    static Measurement merge(Collection<Measurement> measurements) {
        var timelines = new ArrayList<JobTimeline>();
        measurements.forEach(measurement -> timelines.addAll(measurement.timelines()));
        return new Measurement(
                timelines,
                measurements.stream().map(Measurement::wall).reduce(Duration.ZERO, Duration::plus),
                measurements.stream().map(Measurement::processorTime).reduce(Duration.ZERO, Duration::plus));
    }

    /** The times from sending to the stage; empty if no job reached it. */
    Optional<Percentiles> until(JobStage stage) {
        var times = timelines.stream()
                .flatMap(timeline -> timeline.until(stage).stream())
                .toList();
        return times.isEmpty() ? Optional.empty() : Optional.of(Percentiles.of(times));
    }

    Percentiles endToEnd() {
        return until(JobStage.PUBLISHED).orElseThrow();
    }

    double jobsPerSecond() {
        return timelines.size() / (wall.toNanos() / 1e9);
    }

    double processorMillisPerJob() {
        return processorTime.toNanos() / 1e6 / timelines.size();
    }
}
