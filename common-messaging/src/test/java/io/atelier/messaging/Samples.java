package io.atelier.messaging;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.ImageSize;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.CanceledBy;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.Worker;
import io.atelier.contract.work.SplitRequested;
import io.atelier.contract.work.TaskProgress;
import io.atelier.contract.work.WorkerAnnounced;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One sample of each record, without the optional fields. */
public final class Samples {

    public static final JobId JOB = new JobId("gen_01kb9q4v6ye7m8c3r5t2w0x1za");
    public static final Instant AT = Instant.parse("2026-11-21T10:00:00.120Z");
    public static final Worker WORKER = new Worker("generator-host1-4711", "pocket", "cpu");
    public static final GridSpec GRID = new GridSpec(2, 2, true, 3, 12, 64);
    public static final Failure FAILURE =
            new Failure(Failure.Code.PROVIDER_ERROR, "The vendor answered 422: no such style.", 422);
    public static final StoredImage IMAGE = new StoredImage(
            0,
            StoredImage.Kind.GRID,
            "jobs/2026/11/gen_01kb9q4v6ye7m8c3r5t2w0x1za/generate-1/0.png",
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            481_223,
            "image/png",
            512,
            512,
            123L,
            null);
    public static final StoredImage TILE = new StoredImage(
            1,
            StoredImage.Kind.TILE,
            "jobs/2026/11/gen_01kb9q4v6ye7m8c3r5t2w0x1za/split-1/1.png",
            "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
            88_100,
            "image/png",
            250,
            248,
            null,
            new StoredImage.Tile(0, 1, 0.98));

    private Samples() {}

    public static GenerationRequest request(String pool) {
        return GenerationRequest.builder()
                .prompt("a lighthouse, four variants")
                .negativePrompt("fog")
                .model("pocket")
                .requestedModel("auto")
                .engine("pocket")
                .pool(pool)
                .size(new ImageSize(512, 512))
                .steps(26)
                .guidanceScale(3.5)
                .seed(123)
                .grid(GRID)
                .labels(Map.of("campaign", "q4"))
                .clientRef("order-77")
                .build();
    }

    public static JobEvent.GenerationRequested requested(String pool, String task) {
        return new JobEvent.GenerationRequested(JOB, task, 1, 3, AT, null, request(pool));
    }

    public static JobEvent.GenerationRequested requested(
            String pool, String task, int maxAttempts, @Nullable Instant notBefore) {
        return new JobEvent.GenerationRequested(JOB, task, 1, maxAttempts, AT, notBefore, request(pool));
    }

    public static JobEvent.TaskStarted started() {
        return new JobEvent.TaskStarted(JOB, "generate", 1, AT, WORKER);
    }

    public static JobEvent.TaskSucceeded succeeded() {
        var warning = new Job.Warning("tile-rejected", "Tile 3 was empty.", 3);
        return new JobEvent.TaskSucceeded(
                JOB,
                "generate",
                1,
                AT,
                WORKER,
                List.of(IMAGE, TILE),
                List.of(warning),
                480L,
                null,
                null,
                List.of(),
                null,
                null,
                null);
    }

    public static JobEvent.TaskFailed failed() {
        return new JobEvent.TaskFailed(JOB, "generate", 2, AT, WORKER, FAILURE, null, null, null);
    }

    public static JobEvent.TaskCanceled canceled() {
        return new JobEvent.TaskCanceled(JOB, "generate", 2, AT, WORKER, 140L, "engine", null, null, null);
    }

    public static JobEvent.CancelRequested cancelRequested() {
        return new JobEvent.CancelRequested(JOB, AT, CanceledBy.CLIENT, "changed my mind", Duration.ofSeconds(5));
    }

    public static JobEvent.EraseRequested eraseRequested() {
        return new JobEvent.EraseRequested(JOB, AT);
    }

    public static WorkerAnnounced worker() {
        return new WorkerAnnounced(
                WORKER.id(),
                WorkerAnnounced.GENERATOR,
                "default",
                List.of("pocket"),
                "cpu",
                2,
                1,
                null,
                AT,
                AT,
                5_000,
                false,
                null,
                null);
    }

    public static SplitRequested split() {
        return new SplitRequested(JOB, "split", 1, 3, AT, AT.plusSeconds(2), GRID, List.of(IMAGE));
    }

    public static TaskProgress progress() {
        return new TaskProgress(JOB, "generate", 1, AT, "denoise", 11, 26);
    }

    public static DeadLetter deadLetter() {
        return new DeadLetter(JOB.value(), "generate", 4, AT, "atelier.split-requested", 3, 17, FAILURE, "{\"n\":1}");
    }

    public static Job job() {
        return new Job(
                JOB,
                9,
                JobStatus.FAILED,
                "done",
                AT,
                AT.plusSeconds(1),
                AT.plusSeconds(9),
                2,
                3,
                request("default"),
                WORKER,
                List.of(TILE),
                List.of(IMAGE),
                List.of(new Job.Warning("tile-rejected", "Tile 3 was empty.", 3)),
                List.of(new Job.AttemptFailure("generate", 1, AT.plusSeconds(4), FAILURE)),
                FAILURE,
                480L,
                null,
                null,
                null,
                List.of(),
                null,
                null,
                null,
                null,
                List.of(),
                List.of());
    }
}
