package io.atelier.gateway.lifecycle;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.ImageSize;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.CanceledBy;
import io.atelier.contract.job.DeadlineKind;
import io.atelier.contract.job.EndReport;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequest.Terms;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.CancelRequested;
import io.atelier.contract.job.JobEvent.DeadlinePassed;
import io.atelier.contract.job.JobEvent.EraseRequested;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobEvent.TaskCanceled;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.ProviderUsage;
import io.atelier.contract.job.Routing;
import io.atelier.contract.job.Routing.Fallback;
import io.atelier.contract.job.Source;
import io.atelier.contract.job.Webhook;
import io.atelier.contract.job.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Creates the events of one job for tests. */
final class JobEventFixtures {

    static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    static final JobId JOB = JobId.create(NOON, new Random(7));
    static final Worker WORKER = new Worker("generator-1", "test-card", "cpu");
    static final int MAX_ATTEMPTS = 3;
    static final String WEBHOOK_URL = "https://example.org/hooks?tenant=7";

    static final JobId PARENT = JobId.create(NOON.minusSeconds(60), new Random(8));
    static final StoredImage PARENT_GRID = grid("jobs/2026/11/" + PARENT + "/generate-1/0.png");
    static final StoredImage GRID_COPY = grid("jobs/2026/11/" + JOB + "/split-1/grid-0.png")
            .cutAt(new StoredImage.Cuts(List.of(32), List.of(32), 0.9));

    private JobEventFixtures() {}

    static JobEvent requested() {
        return requested(JOB, null);
    }

    /** A request whose webhook is notified of every end. */
    static GenerationRequested requestedWithWebhook() {
        return requestedWithWebhook(JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELED, JobStatus.EXPIRED);
    }

    /** A request whose webhook is notified of these ends. */
    static GenerationRequested requestedWithWebhook(JobStatus... events) {
        var plain = requested(JOB, null);
        return plain.with(plain.request().toBuilder()
                .labels(Map.of("campaign", "q4"))
                .webhook(new Webhook(WEBHOOK_URL, Set.of(events)))
                .build());
    }

    static JobEvent gridRequested() {
        return requested(JOB, new GridSpec(2, 2, true, 0, 8, 32));
    }

    /** A request that only splits the grid of another job. */
    static GenerationRequested splitRequested() {
        return splitRequested("split", Terms.NONE);
    }

    static GenerationRequested splitRequested(String task, Terms terms) {
        var request = GenerationRequest.builder()
                .prompt("")
                .model("")
                .requestedModel("")
                .engine(GenerationRequest.SPLITTER)
                .pool(GenerationRequest.SPLITTER_POOL)
                .size(new ImageSize(64, 64))
                .grid(new GridSpec(2, 2, true, 0, 8, 32))
                .labels(Map.of("campaign", "q4"))
                .terms(terms)
                .images(List.of(Source.of(PARENT, 0).storedAs(PARENT_GRID)))
                .build();
        return new GenerationRequested(JOB, task, 1, MAX_ATTEMPTS, NOON, null, request);
    }

    /** The end of a split: one tile, and the copy of the grid. */
    static TaskSucceeded split(String task, int attempt) {
        return new TaskSucceeded(
                JOB,
                task,
                attempt,
                NOON.plusMillis(100L * attempt),
                WORKER,
                List.of(image(task, attempt, 0)),
                List.of(new Job.Warning("tile-rejected", "Tile 1 was left out.", 1)),
                null,
                null,
                null,
                List.of(GRID_COPY),
                null,
                null,
                null);
    }

    static GenerationRequested requested(JobId job, @Nullable GridSpec grid) {
        var request = GenerationRequest.builder()
                .prompt("a snowman")
                .model("test-card")
                .requestedModel("auto")
                .engine("test-card")
                .pool("default")
                .size(new ImageSize(64, 64))
                .seed(7)
                .grid(grid)
                .build();
        return new GenerationRequested(job, "generate", 1, MAX_ATTEMPTS, NOON, null, request);
    }

    /** A request with fallback models, in this order. */
    static GenerationRequested requested(@Nullable GridSpec grid, String... models) {
        var plain = requested(JOB, grid);
        var fallbacks = Stream.of(models)
                .map(model -> new Fallback(model, "vendor/" + model, model, "far", 8, 1.5, new ImageSize(128, 128)))
                .toList();
        var request = plain.request().toBuilder()
                .routing(new Routing(null, fallbacks))
                .build();
        return new GenerationRequested(JOB, "generate", 1, MAX_ATTEMPTS, NOON, null, request);
    }

    /** The default request with terms. */
    static GenerationRequested requested(Terms terms) {
        var plain = requested(JOB, null);
        return new GenerationRequested(
                plain.job(),
                plain.task(),
                1,
                MAX_ATTEMPTS,
                NOON,
                null,
                plain.request().withTerms(terms));
    }

    static JobEvent cancelRequested(int millis) {
        return new CancelRequested(
                JOB, NOON.plusMillis(millis), CanceledBy.CLIENT, "changed my mind", Duration.ofSeconds(5));
    }

    static JobEvent canceled(String task, int attempt, @Nullable Long freedAfterMillis) {
        return new TaskCanceled(
                JOB,
                task,
                attempt,
                NOON.plusMillis(200L * attempt),
                WORKER,
                freedAfterMillis,
                "engine",
                null,
                null,
                null);
    }

    static JobEvent eraseRequested() {
        return new EraseRequested(JOB, NOON.plusSeconds(1));
    }

    static JobEvent passed(DeadlineKind kind, Instant at) {
        return new DeadlinePassed(JOB, at, kind);
    }

    static JobEvent started(String task, int attempt) {
        return started(task, attempt, NOON.plusMillis(10L * attempt));
    }

    static JobEvent started(String task, int attempt, Instant at) {
        return new TaskStarted(JOB, task, attempt, at, WORKER);
    }

    static JobEvent succeeded(String task, int attempt) {
        return succeeded(task, attempt, NOON.plusMillis(100L * attempt));
    }

    static JobEvent succeeded(String task, int attempt, Instant at) {
        return new TaskSucceeded(
                JOB,
                task,
                attempt,
                at,
                WORKER,
                List.of(image(task, attempt, 0)),
                List.of(),
                40L,
                null,
                null,
                List.of(),
                null,
                null,
                null);
    }

    static JobEvent succeeded(String task, int attempt, Job.Enhancement enhancement) {
        return new TaskSucceeded(
                JOB,
                task,
                attempt,
                NOON.plusMillis(100L * attempt),
                WORKER,
                List.of(image(task, attempt, 0)),
                List.of(),
                40L,
                enhancement,
                null,
                List.of(),
                null,
                null,
                null);
    }

    static JobEvent failed(String task, int attempt, Failure.Code code) {
        return failed(task, attempt, NOON.plusMillis(50L * attempt), code);
    }

    static JobEvent failed(String task, int attempt, Instant at, Failure.Code code) {
        var failure = new Failure(code, "The engine failed in attempt " + attempt + ".");
        return new TaskFailed(JOB, task, attempt, at, WORKER, failure, null, null, null);
    }

    /** The report of an attempt that was too short for a report of its start: it contains the start. */
    static JobEvent withStart(JobEvent report, Instant start) {
        var end = (EndReport) report;
        return copy(end, end.providerCalls(), end.providerUsage(), start);
    }

    /** The report with a number of provider calls. */
    static JobEvent withProviderCalls(JobEvent report, int calls) {
        var end = (EndReport) report;
        return copy(end, calls, end.providerUsage(), end.startedAt());
    }

    /** The report with what the provider says it used. */
    static JobEvent withProviderUsage(JobEvent report, ProviderUsage usage) {
        var end = (EndReport) report;
        return copy(end, end.providerCalls(), usage, end.startedAt());
    }

    private static JobEvent copy(
            EndReport report, @Nullable Integer calls, @Nullable ProviderUsage usage, @Nullable Instant start) {
        if (report instanceof TaskSucceeded e) {
            return new TaskSucceeded(
                    e.job(),
                    e.task(),
                    e.attempt(),
                    e.at(),
                    e.worker(),
                    e.images(),
                    e.warnings(),
                    e.engineMillis(),
                    e.enhancement(),
                    calls,
                    e.grids(),
                    usage,
                    start,
                    e.prompt());
        }
        if (report instanceof TaskFailed e) {
            return new TaskFailed(e.job(), e.task(), e.attempt(), e.at(), e.worker(), e.failure(), calls, usage, start);
        }
        var e = (TaskCanceled) report;
        return new TaskCanceled(
                e.job(),
                e.task(),
                e.attempt(),
                e.at(),
                e.worker(),
                e.freedAfterMillis(),
                e.freedBy(),
                calls,
                usage,
                start);
    }

    private static StoredImage grid(String key) {
        return new StoredImage(0, StoredImage.Kind.GRID, key, "cd".repeat(32), 1234, "image/png", 64, 64, null, null);
    }

    static StoredImage image(String task, int attempt, int index) {
        var key = "jobs/2026/11/%s/%s-%d/%d.png".formatted(JOB, task, attempt, index);
        return new StoredImage(
                index, StoredImage.Kind.IMAGE, key, "ab".repeat(32), 1234, "image/png", 64, 64, 7L, null);
    }
}
