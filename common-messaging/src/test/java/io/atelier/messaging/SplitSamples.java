package io.atelier.messaging;

import static io.atelier.messaging.Samples.AT;
import static io.atelier.messaging.Samples.JOB;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.ImageSize;
import io.atelier.contract.image.JpegEncoding;
import io.atelier.contract.image.Provenance;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.CanceledBy;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.Source;
import io.atelier.contract.job.Worker;
import io.atelier.contract.work.SplitRequested;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Samples of the records of a job that only splits the grid of another job, with places of cuts, boxes of tiles, and provenance. */
final class SplitSamples {

    private static final JobId PARENT = new JobId("gen_01kb9q4v6ye7m8c3r5t2w0x1zb");
    private static final Worker WORKER = new Worker("splitter-host1-4712", "splitter", "cpu");
    private static final GridSpec SPEC = new GridSpec(2, 2, true, 6, 12, 100, true, "#ffffff", true);
    private static final Failure FAILURE =
            new Failure(Failure.Code.SOURCE_UNAVAILABLE, "The grid does not exist any more.");
    private static final StoredImage.Cuts CUTS = new StoredImage.Cuts(List.of(256), List.of(254), 0.98);
    private static final Provenance SIGNED = new Provenance(false, Provenance.ContentCredentials.KEPT);
    private static final StoredImage SOURCE = grid("jobs/2026/11/gen_01kb9q4v6ye7m8c3r5t2w0x1zb/generate-1/0.png")
            .cutAt(CUTS)
            .withProvenance(SIGNED);
    private static final StoredImage COPY = grid("jobs/2026/11/gen_01kb9q4v6ye7m8c3r5t2w0x1za/split-1/grid-0.png")
            .cutAt(CUTS)
            .withProvenance(SIGNED);
    private static final StoredImage TILE = new StoredImage(
                    1,
                    StoredImage.Kind.TILE,
                    "jobs/2026/11/gen_01kb9q4v6ye7m8c3r5t2w0x1za/split-1/1.png",
                    "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
                    88_100,
                    "image/png",
                    250,
                    248,
                    null,
                    new StoredImage.Tile(0, 1, 0.98, List.of(262, 6, 512, 254)))
            .withProvenance(new Provenance(true, Provenance.ContentCredentials.DROPPED));

    private SplitSamples() {}

    static JobEvent.GenerationRequested requested() {
        return new JobEvent.GenerationRequested(JOB, "split", 1, 3, AT, null, request());
    }

    static JobEvent.TaskSucceeded succeeded() {
        return new JobEvent.TaskSucceeded(
                JOB,
                "split",
                1,
                at(2),
                WORKER,
                List.of(TILE),
                List.of(warning()),
                null,
                null,
                null,
                List.of(COPY),
                null,
                null,
                null);
    }

    static SplitRequested split() {
        return new SplitRequested(JOB, "split", 1, 3, AT, null, SPEC, List.of(SOURCE), new JpegEncoding(80));
    }

    static List<GenerationEvent> events() {
        return List.of(
                new GenerationEvent.Accepted(JOB, 1, JobStatus.QUEUED, "accepted", AT, request()),
                new GenerationEvent.Splitting(JOB, 5, JobStatus.RUNNING, "splitting", at(6), List.of(SOURCE, TILE)),
                new GenerationEvent.Succeeded(
                        JOB, 3, JobStatus.SUCCEEDED, "done", at(2), job(JobStatus.SUCCEEDED, null, null)),
                new GenerationEvent.Failed(
                        JOB, 3, JobStatus.FAILED, "done", at(2), FAILURE, job(JobStatus.FAILED, FAILURE, null)),
                new GenerationEvent.Canceled(
                        JOB,
                        3,
                        JobStatus.CANCELED,
                        "done",
                        at(2),
                        cancel(),
                        null,
                        job(JobStatus.CANCELED, null, cancel())),
                new GenerationEvent.Expired(
                        JOB, 3, JobStatus.EXPIRED, "done", at(2), FAILURE, job(JobStatus.EXPIRED, FAILURE, null)));
    }

    static Job job() {
        return job(JobStatus.SUCCEEDED, null, null);
    }

    private static GenerationRequest request() {
        return GenerationRequest.builder()
                .prompt("")
                .model("")
                .requestedModel("")
                .engine(GenerationRequest.SPLITTER)
                .pool(GenerationRequest.SPLITTER_POOL)
                .size(new ImageSize(512, 512))
                .grid(SPEC)
                .labels(Map.of("campaign", "q4"))
                .terms(new GenerationRequest.Terms(null, null, null, PARENT, null))
                .images(List.of(
                        Source.of(PARENT, 0).storedAs(SOURCE),
                        Source.of(PARENT, 1).storedAs(TILE)))
                .build();
    }

    private static Job job(JobStatus status, @Nullable Failure error, Job.@Nullable Cancel cancel) {
        var first = new Job.Step(1, GenerationEvent.Accepted.TYPE, JobStatus.QUEUED, "accepted", AT, 1);
        return new Job(
                JOB,
                3,
                status,
                "done",
                AT,
                at(1),
                at(2),
                1,
                3,
                request(),
                null,
                List.of(TILE),
                List.of(COPY),
                List.of(warning()),
                List.of(),
                error,
                null,
                cancel,
                null,
                null,
                List.of(first),
                null,
                null,
                null,
                null,
                List.of(),
                List.of());
    }

    private static Job.Warning warning() {
        return new Job.Warning("tile-small", "Tile 1 is small.", 1);
    }

    private static Job.Cancel cancel() {
        return new Job.Cancel(at(1), CanceledBy.CLIENT, "changed my mind", Job.Outcome.FREED, 140L, "interrupt");
    }

    private static StoredImage grid(String key) {
        return new StoredImage(
                0,
                StoredImage.Kind.GRID,
                key,
                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                481_223,
                "image/png",
                512,
                512,
                null,
                null);
    }

    private static Instant at(int seconds) {
        return AT.plusSeconds(seconds);
    }
}
