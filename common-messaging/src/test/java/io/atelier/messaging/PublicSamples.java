package io.atelier.messaging;

import static io.atelier.messaging.Samples.AT;
import static io.atelier.messaging.Samples.FAILURE;
import static io.atelier.messaging.Samples.IMAGE;
import static io.atelier.messaging.Samples.JOB;
import static io.atelier.messaging.Samples.TILE;
import static io.atelier.messaging.Samples.WORKER;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.CanceledBy;
import io.atelier.contract.job.DeadlineKind;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One sample of each public event, with every field set that the event can have. */
public final class PublicSamples {

    private static final Failure DEADLINE =
            new Failure(Failure.Code.DEADLINE_EXCEEDED, "The job was not done in time.");

    private PublicSamples() {}

    /** One event of each kind, in the order in which a job can reach them. */
    public static List<GenerationEvent> events() {
        return List.of(
                new GenerationEvent.Accepted(JOB, 1, JobStatus.QUEUED, "accepted", AT, request()),
                new GenerationEvent.Started(JOB, 2, JobStatus.RUNNING, "generating", at(1), 1, WORKER),
                new GenerationEvent.RetryScheduled(
                        JOB, 3, JobStatus.QUEUED, "retrying", at(2), 2, at(4), FAILURE, null),
                new GenerationEvent.Splitting(JOB, 5, JobStatus.RUNNING, "splitting", at(6), List.of(IMAGE)),
                new GenerationEvent.CancelRequested(
                        JOB, 6, JobStatus.RUNNING, "canceling", at(7), cancel(null, null, null)),
                succeeded(JOB),
                new GenerationEvent.Failed(
                        JOB, 9, JobStatus.FAILED, "done", at(9), FAILURE, job(JobStatus.FAILED, FAILURE, null)),
                new GenerationEvent.Canceled(
                        JOB,
                        9,
                        JobStatus.CANCELED,
                        "done",
                        at(9),
                        canceled(),
                        DEADLINE,
                        job(JobStatus.CANCELED, DEADLINE, canceled())),
                new GenerationEvent.Expired(
                        JOB, 9, JobStatus.EXPIRED, "done", at(9), DEADLINE, job(JobStatus.EXPIRED, DEADLINE, null)),
                new GenerationEvent.Erased(
                        JOB, 10, JobStatus.SUCCEEDED, "erased", at(20), new Job.Erasure(at(20), true)));
    }

    /** The success of a job with one tile and one grid. */
    public static GenerationEvent.Succeeded succeeded(JobId job) {
        var late = cancel(Job.Outcome.TOO_LATE, null, null);
        return new GenerationEvent.Succeeded(
                job, 9, JobStatus.SUCCEEDED, "done", at(9), job(job, JobStatus.SUCCEEDED, null, late));
    }

    /** A passed deadline; all kinds have the same form. */
    public static JobEvent.DeadlinePassed deadlinePassed() {
        return new JobEvent.DeadlinePassed(JOB, AT, DeadlineKind.COMPLETE_BY);
    }

    private static GenerationRequest request() {
        return GenerationRequest.builder()
                .prompt("a lighthouse, four variants")
                .negativePrompt("fog")
                .model("pocket")
                .requestedModel("auto")
                .engine("pocket")
                .pool("default")
                .size(new ImageSize(512, 512))
                .steps(26)
                .guidanceScale(3.5)
                .seed(123)
                .grid(Samples.GRID)
                .labels(Map.of("campaign", "q4"))
                .clientRef("order-77")
                .terms(new GenerationRequest.Terms(
                        at(60),
                        at(120),
                        Duration.ofDays(30),
                        new JobId("gen_01kb9q4v6ye7m8c3r5t2w0x1zb"),
                        "5b41362bc82b7f3d56edc5a306db22105707d01ff4819e26faef9724a2d406c9"))
                .build();
    }

    private static Job job(JobStatus status, @Nullable Failure error, Job.@Nullable Cancel cancel) {
        return job(JOB, status, error, cancel);
    }

    private static Job job(JobId id, JobStatus status, @Nullable Failure error, Job.@Nullable Cancel cancel) {
        boolean succeeded = status == JobStatus.SUCCEEDED;
        var first = new Job.Step(1, "io.atelier.generation.accepted.v1", JobStatus.QUEUED, "accepted", AT, 1);
        return new Job(
                id,
                9,
                status,
                "done",
                AT,
                at(1),
                at(9),
                2,
                3,
                request(),
                succeeded ? WORKER : null,
                succeeded ? List.of(TILE) : List.of(),
                List.of(IMAGE),
                List.of(new Job.Warning("tile-rejected", "Tile 3 was empty.", 3)),
                List.of(new Job.AttemptFailure("generate", 1, at(4), FAILURE)),
                error,
                480L,
                cancel,
                at(3_600),
                null,
                List.of(first),
                null,
                null,
                null,
                null,
                List.of(),
                List.of());
    }

    private static Job.Cancel canceled() {
        return cancel(Job.Outcome.FREED, 140L, "engine");
    }

    private static Job.Cancel cancel(
            Job.@Nullable Outcome outcome, @Nullable Long freedAfterMillis, @Nullable String freedBy) {
        return new Job.Cancel(at(7), CanceledBy.CLIENT, "changed my mind", outcome, freedAfterMillis, freedBy);
    }

    private static Instant at(int seconds) {
        return AT.plusSeconds(seconds);
    }
}
