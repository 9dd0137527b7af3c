package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.Job;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** Counts avatars as the lifecycle announces them, see {@link GenerationMetrics}: jobs, the times of their stages, published images. Thread-safe. */
final class AvatarMetrics {

    private static final String MODEL = "model";

    private final MeterRegistry meters;

    AvatarMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    /**
     * Counts what an event says.
     *
     * @param job avatar after the event
     * @param model value of the tag
     */
    void announced(GenerationEvent event, Job job, String model) {
        if (event instanceof GenerationEvent.Accepted) {
            count("atelier.avatars.requested", "Avatars that were accepted", model, 1);
        } else if (event instanceof GenerationEvent.Succeeded) {
            count("atelier.avatars.succeeded", "Avatars of which all steps were done", model, 1);
            var published = job.images().stream()
                    .filter(image -> image.published() != null)
                    .toList();
            count("atelier.avatars.images", "Images of avatars that were published", model, published.size());
            job.stages().forEach(this::recordTime);
        } else if (event instanceof GenerationEvent.Failed || event instanceof GenerationEvent.Expired) {
            count("atelier.avatars.failed", "Avatars that ended without a result", model, 1);
            job.stages().forEach(this::recordTime);
        }
    }

    private void count(String name, String description, String model, double amount) {
        Counter.builder(name)
                .description(description)
                .tag(MODEL, model)
                .register(meters)
                .increment(amount);
    }

    private void recordTime(Job.Stage stage) {
        var startedAt = stage.startedAt();
        var completedAt = stage.completedAt();
        if (startedAt != null && completedAt != null) {
            Timer.builder("atelier.avatars.stage")
                    .description("The time from the first start to the last end of a stage of an avatar")
                    .tag("stage", stage.stage())
                    .register(meters)
                    .record(Duration.between(startedAt, completedAt));
        }
    }
}
