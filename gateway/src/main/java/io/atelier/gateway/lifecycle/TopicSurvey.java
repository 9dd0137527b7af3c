package io.atelier.gateway.lifecycle;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What the topics showed of the recent and the open jobs.
 *
 * @param begunAt when the survey began; later records may be missing in it
 * @param traces the surveyed jobs; each of their records is in the trace unless its topic lost it
 * @param busyWorkers ids of the live workers that run tasks, each with the time at which its process started
 * @param skippedOffsets for each task topic, how many records at its end will not be delivered: positive after the topic lost records that its
 *     share group had already completed
 */
record TopicSurvey(
        Instant begunAt, List<JobTrace> traces, Map<String, Instant> busyWorkers, Map<String, Long> skippedOffsets) {

    TopicSurvey {
        traces = List.copyOf(traces);
        busyWorkers = Map.copyOf(busyWorkers);
        skippedOffsets = Map.copyOf(skippedOffsets);
    }

    /** The part of the survey that is about the jobs of one partition. */
    TopicSurvey of(int partition, JobPartitions partitions) {
        var jobs = traces.stream()
                .filter(trace -> partitions.of(trace.job().value()) == partition)
                .toList();
        return new TopicSurvey(begunAt, jobs, busyWorkers, skippedOffsets);
    }
}
