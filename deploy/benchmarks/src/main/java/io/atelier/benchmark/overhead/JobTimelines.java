package io.atelier.benchmark.overhead;

import io.atelier.benchmark.system.TopicListener.Heard;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The journeys of all jobs, by id. A job may be heard of before its POST was answered. Thread-safe. */
final class JobTimelines implements Consumer<Heard> {

    private final Map<String, JobTimeline> byJob = new ConcurrentHashMap<>();

    JobTimeline of(String job) {
        return byJob.computeIfAbsent(job, unknown -> new JobTimeline());
    }

    @Override
    public void accept(Heard heard) {
        var journey = of(heard.job());
        switch (heard.type()) {
            case "io.atelier.generation.requested.v1" -> journey.passed(JobStage.ORDERED, heard.nanos());
            case "io.atelier.task.started.v1" -> journey.passed(JobStage.LEASED, heard.at());
            case "io.atelier.task.succeeded.v1" -> {
                journey.passed(JobStage.STORED, heard.at());
                journey.passed(JobStage.REPORTED, heard.nanos());
            }
            case "io.atelier.generation.succeeded.v1" -> journey.passed(JobStage.ANNOUNCED, heard.nanos());
            case "io.atelier.task.failed.v1", "io.atelier.generation.failed.v1" ->
                journey.failed("Job " + heard.job() + " failed: " + heard.type());
            default -> {}
        }
    }
}
