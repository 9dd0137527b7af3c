package io.atelier.benchmark.overhead;

import io.atelier.benchmark.system.TopicListener.ReceivedRecord;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The timelines of all jobs by id. Records of a job may arrive before the response to its POST. Thread-safe. */
final class JobTimelines implements Consumer<ReceivedRecord> {

    private final Map<String, JobTimeline> byJob = new ConcurrentHashMap<>();

    JobTimeline of(String job) {
        return byJob.computeIfAbsent(job, unknown -> new JobTimeline());
    }

    @Override
    public void accept(ReceivedRecord received) {
        var timeline = of(received.job());
        switch (received.type()) {
            case "io.atelier.generation.requested.v1" -> timeline.reached(JobStage.REQUESTED, received.nanos());
            case "io.atelier.task.started.v1" -> timeline.reached(JobStage.LEASED, received.at());
            case "io.atelier.task.succeeded.v1" -> {
                timeline.reached(JobStage.STORED, received.at());
                timeline.reached(JobStage.REPORTED, received.nanos());
            }
            case "io.atelier.generation.succeeded.v1" -> timeline.reached(JobStage.PUBLISHED, received.nanos());
            case "io.atelier.task.failed.v1", "io.atelier.generation.failed.v1" ->
                timeline.failed("Job " + received.job() + " failed: " + received.type());
            default -> {}
        }
    }
}
