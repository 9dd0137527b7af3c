package io.atelier.gateway.lifecycle;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.Worker;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** A short job that has succeeded with one image. The report of its end contains the start, as those of short tasks do. */
public final class EndedJob {

    private static final Instant ACCEPTED = Instant.parse("2026-11-21T12:00:00Z");
    private static final String TASK = "generate";
    private static final JobId ID = JobId.create(ACCEPTED, new Random(7));

    private EndedJob() {}

    /** The public state of the job. */
    public static Job succeeded() {
        var history = JobHistory.empty().with(request()).with(end());
        return history.announcement(history.version()).job();
    }

    static JobEvent request() {
        var request = GenerationRequest.builder()
                .prompt("A red fox in the snow, in the soft light of a winter morning")
                .model("test-card")
                .requestedModel("test-card")
                .engine("test-card")
                .pool("default")
                .size(new ImageSize(1024, 1024))
                .seed(7)
                .build();
        return new GenerationRequested(ID, TASK, 1, 3, ACCEPTED, null, request);
    }

    static JobEvent end() {
        var image = new StoredImage(
                0,
                StoredImage.Kind.IMAGE,
                "jobs/2026/11/%s/%s-1/0.png".formatted(ID, TASK),
                "ab".repeat(32),
                1_500_000,
                "image/png",
                1024,
                1024,
                7L,
                null);
        return new TaskSucceeded(
                ID,
                TASK,
                1,
                ACCEPTED.plusMillis(60),
                new Worker("generator-1", "test-card", "cpu"),
                List.of(image),
                List.of(),
                40L,
                null,
                null,
                List.of(),
                null,
                ACCEPTED.plusMillis(20),
                null);
    }
}
