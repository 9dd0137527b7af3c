package io.atelier.gateway.lifecycle;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the topics showed of the recent and the open jobs.
 *
 * @param begunAt when the survey began; later records may be missing in it
 * @param partitions the partitions of the lifecycle that have processed all inputs that were committed then; the survey is about their jobs
 * @param traces the surveyed jobs; each of their records is in the trace unless its topic lost it
 * @param busyWorkers ids of the live workers that run tasks, each with the time at which its process started
 * @param skippedOffsets for each task topic, how many records at its end will not be delivered: positive after the topic lost records that its
 *     share group had already completed
 */
record TopicSurvey(
        Instant begunAt,
        Set<Integer> partitions,
        List<JobTrace> traces,
        Map<String, Instant> busyWorkers,
        Map<String, Long> skippedOffsets) {

    TopicSurvey {
        partitions = Set.copyOf(partitions);
        traces = List.copyOf(traces);
        busyWorkers = Map.copyOf(busyWorkers);
        skippedOffsets = Map.copyOf(skippedOffsets);
    }

    /** The part of the survey that is about the jobs of one partition. */
    TopicSurvey of(int partition, JobPartitions divided) {
        var jobs = traces.stream()
                .filter(trace -> divided.of(trace.job().value()) == partition)
                .toList();
        return new TopicSurvey(begunAt, Set.of(partition), jobs, busyWorkers, skippedOffsets);
    }
}
