package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.Job;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Counts generations by model as the lifecycle announces them. Each is counted by the one gateway whose lifecycle handles it, so that the sum over all
 * gateways is right; after a crash the last few may be counted again. Jobs that only split images, or do nothing of an avatar that needs a model,
 * have none and are not counted. Thread-safe.
 */
final class GenerationMetrics {

    private static final String MODEL = "model";

    /** Clients may name any model of a hub. Each value of a tag costs memory here and in the monitoring system, for ever. */
    private static final int MAX_MODELS = 200;

    private static final String OTHER = "other";
    private static final String NONE = "none";

    private final MeterRegistry meters;
    private final AvatarMetrics avatars;
    private final Set<String> models = new HashSet<>();

    GenerationMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.avatars = new AvatarMetrics(meters);
    }

    /**
     * Counts what an event says; most say nothing that is counted.
     *
     * @param job after the event
     */
    void announced(GenerationEvent event, Job job) {
        if (job.request().avatar() != null) {
            avatars.announced(event, job, job.request().model().isEmpty() ? NONE : model(job));
        }
        if (job.request().model().isEmpty()) {
            return;
        }
        if (event instanceof GenerationEvent.Accepted) {
            count("atelier.generations.requested", "Generations that were accepted", job);
        } else if (event instanceof GenerationEvent.Succeeded) {
            count("atelier.generations.succeeded", "Generations that ended with images", job);
            recordTimes(job);
        } else if (event instanceof GenerationEvent.Failed || event instanceof GenerationEvent.Expired) {
            var error = job.error();
            Counter.builder("atelier.generations.failed")
                    .description("Generations that ended without images, by the code of the error")
                    .tag(MODEL, model(job))
                    .tag("code", error == null ? NONE : error.code().word())
                    .register(meters)
                    .increment();
        }
    }

    private void recordTimes(Job job) {
        var engineMillis = job.engineMillis();
        // That of an avatar is the sum of several images.
        if (engineMillis != null && job.request().avatar() == null) {
            record("atelier.generations.engine", "The time that engines took for a generation", engineMillis, job);
        }
        var enhancement = job.enhancement();
        if (enhancement != null) {
            record(
                    "atelier.generations.enhancement",
                    "The time to rewrite the prompt of a generation",
                    enhancement.millis(),
                    job);
        }
    }

    private void record(String name, String description, long millis, Job job) {
        Timer.builder(name)
                .description(description)
                .tag(MODEL, model(job))
                .register(meters)
                .record(millis, TimeUnit.MILLISECONDS);
    }

    private void count(String name, String description, Job job) {
        Counter.builder(name)
                .description(description)
                .tag(MODEL, model(job))
                .register(meters)
                .increment();
    }

    private synchronized String model(Job job) {
        var model = job.request().model();
        if (models.contains(model) || models.size() < MAX_MODELS) {
            models.add(model);
            return model;
        }
        return OTHER;
    }
}
