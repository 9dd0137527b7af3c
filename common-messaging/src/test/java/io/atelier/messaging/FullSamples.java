package io.atelier.messaging;

import static io.atelier.messaging.Samples.AT;
import static io.atelier.messaging.Samples.GRID;
import static io.atelier.messaging.Samples.IMAGE;
import static io.atelier.messaging.Samples.JOB;
import static io.atelier.messaging.Samples.TILE;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.CanceledBy;
import io.atelier.contract.job.DeviceName;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequest.Enhance;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.Job.Enhancement;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.Routing;
import io.atelier.contract.job.Routing.Fallback;
import io.atelier.contract.job.Source;
import io.atelier.contract.job.Worker;
import io.atelier.contract.work.LocalModel;
import io.atelier.contract.work.TaskProgress;
import io.atelier.contract.work.WorkerAnnounced;
import io.atelier.contract.work.WorkerAnnounced.EngineState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One sample of each record that has optional fields, with all of them set. */
final class FullSamples {

    private static final Worker WORKER = new Worker("generator-host1-4711", "cloudflare-sdxl", "remote");
    private static final Failure FAILURE = new Failure(
            Failure.Code.RATE_LIMITED, "Rate limit exceeded: the vendor was asked too often.", 429, "req-7f3a9c", 7L);
    private static final Enhancement ENHANCEMENT =
            new Enhancement("a-language-model", "a lighthouse at dusk, four variants, oil on canvas", 812);
    private static final Job.Warning WARNING = new Job.Warning("engine", "The server drew another size.", null);

    private FullSamples() {}

    static JobEvent.GenerationRequested requested() {
        return new JobEvent.GenerationRequested(JOB, "generate", 2, 3, AT, at(7), request());
    }

    static JobEvent.TaskSucceeded succeeded() {
        return new JobEvent.TaskSucceeded(
                JOB,
                "generate",
                2,
                at(8),
                WORKER,
                List.of(IMAGE),
                List.of(WARNING),
                4_800L,
                ENHANCEMENT,
                null,
                List.of(),
                null,
                null,
                null);
    }

    static JobEvent.TaskFailed failed() {
        return new JobEvent.TaskFailed(JOB, "generate", 1, at(1), WORKER, FAILURE, null, null, null);
    }

    static DeadLetter deadLetter() {
        return new DeadLetter(
                JOB.value(), "generate", 4, AT, "atelier.generation-requested.remote", 0, 17, FAILURE, "{\"n\":1}");
    }

    static WorkerAnnounced worker() {
        var states = List.of(
                new EngineState("cloudflare-sdxl", EngineState.FAILING, "60 of 100 calls fail."),
                new EngineState("openai", EngineState.NOT_CONFIGURED, "Set OPENAI_API_KEY."),
                new EngineState("pocket", EngineState.READY, "", List.of("cpu")));
        return new WorkerAnnounced(
                WORKER.id(),
                WorkerAnnounced.GENERATOR,
                "remote",
                List.of("cloudflare-sdxl", "pocket"),
                "remote",
                10,
                1,
                null,
                AT,
                at(5),
                5_000,
                false,
                states,
                List.of(localModel()),
                List.of("gpu", "cpu"));
    }

    private static LocalModel localModel() {
        return new LocalModel(
                "sdxl-base",
                "local/sdxl-base",
                "Stable Diffusion XL",
                "openrail++",
                at(1),
                6_938_041_234L,
                false,
                1024,
                1024,
                256,
                2048,
                3_145_728L,
                8,
                4,
                30,
                5.0,
                true,
                List.of("euler", "dpmpp-2m-karras"),
                true,
                new LocalModel.Loading(0.25, 12L));
    }

    static TaskProgress progress() {
        return new TaskProgress(JOB, "generate", 1, AT, TaskProgress.LOAD, 25, 100, 12L)
                .withPreview(new TaskProgress.Preview(3, 1, 11, 26, 128, 96, 4_711));
    }

    static Job job() {
        return job(JobStatus.SUCCEEDED, null);
    }

    static List<GenerationEvent> events() {
        return List.of(
                new GenerationEvent.Accepted(JOB, 1, JobStatus.QUEUED, "accepted", AT, request()),
                new GenerationEvent.RetryScheduled(
                        JOB, 3, JobStatus.QUEUED, "retrying", at(2), 2, at(7), FAILURE, "sdxl"),
                new GenerationEvent.Succeeded(JOB, 9, JobStatus.SUCCEEDED, "done", at(9), job()),
                new GenerationEvent.Failed(
                        JOB, 9, JobStatus.FAILED, "done", at(9), FAILURE, job(JobStatus.FAILED, FAILURE)),
                new GenerationEvent.Canceled(
                        JOB, 9, JobStatus.CANCELED, "done", at(9), cancel(), FAILURE, job(JobStatus.CANCELED, FAILURE)),
                new GenerationEvent.Expired(
                        JOB, 9, JobStatus.EXPIRED, "done", at(9), FAILURE, job(JobStatus.EXPIRED, FAILURE)));
    }

    /** A request for a fallback model, with another fallback left. */
    private static GenerationRequest request() {
        var before = new Fallback("gpt-image-1.5", "gpt-image-1.5-hd", "openai", "remote", null, null, null);
        var next = new Fallback("pocket", null, "pocket", "default", 26, 3.5, new ImageSize(512, 512));
        return GenerationRequest.builder()
                .prompt("a lighthouse, four variants")
                .negativePrompt("fog")
                .model("sdxl")
                .requestedModel("gpt-image-1.5")
                .engine("cloudflare-sdxl")
                .pool("remote")
                .size(new ImageSize(1024, 1024))
                .steps(20)
                .guidanceScale(7.5)
                .seed(123)
                .grid(GRID)
                .labels(Map.of("campaign", "q4"))
                .clientRef("order-77")
                .terms(new GenerationRequest.Terms(at(60), at(120), Duration.ofDays(30), JOB, "5b41362bc82b7f3d"))
                .enhance(Enhance.ON)
                .routing(new Routing("sdxl-worker", List.of(next), List.of(before), new DeviceName("gpu.1")))
                .sizeLeftOpen(true)
                .images(List.of(
                        Source.of(new JobId("gen_01kb9q4v6ye7m8c3r5t2w0x1zc"), 1)
                                .storedAs(TILE),
                        Source.at("https://images.example.org/lighthouse.jpg")))
                .build();
    }

    private static Job job(JobStatus status, @Nullable Failure error) {
        var first = new Job.Step(1, GenerationEvent.Accepted.TYPE, JobStatus.QUEUED, "accepted", AT, 1);
        return new Job(
                JOB,
                9,
                status,
                "done",
                AT,
                at(1),
                at(9),
                2,
                3,
                request(),
                WORKER,
                List.of(TILE),
                List.of(IMAGE),
                List.of(WARNING),
                List.of(new Job.AttemptFailure("generate", 1, at(1), FAILURE)),
                error,
                4_800L,
                cancel(),
                at(3_600),
                null,
                List.of(first),
                ENHANCEMENT,
                null,
                null,
                null,
                List.of(),
                List.of());
    }

    private static Job.Cancel cancel() {
        return new Job.Cancel(at(7), CanceledBy.CLIENT, "changed my mind", Job.Outcome.TOO_LATE, 140L, "engine");
    }

    private static Instant at(int seconds) {
        return AT.plusSeconds(seconds);
    }
}
