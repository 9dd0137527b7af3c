package io.atelier.gateway.api.batches;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.request.GenerationRequestReader.ParsedBatch;
import io.atelier.gateway.api.submission.JobSubmissionService;
import io.atelier.gateway.view.queue.Backlog;
import io.atelier.gateway.view.queue.Backlog.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Creates the generations of batches, in the order of their prompts. Nothing is published before everything is checked. If publishing breaks off, the first
 * ones exist; the same request with the same key completes the batch. Thread-safe.
 */
public final class BatchSubmissions {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(30);

    private final JobSubmissionService submissions;
    private final Backlog backlog;
    private final int maxQueued;
    private final BatchCreation<AcceptedBatch> creation;

    /** @param maxQueued how many generations may wait for a model */
    public BatchSubmissions(JobSubmissionService submissions, Backlog backlog, int maxQueued) {
        this.submissions = submissions;
        this.backlog = backlog;
        this.maxQueued = maxQueued;
        this.creation = new BatchCreation<>(submissions);
    }

    /**
     * A batch whose requests the brokers have confirmed.
     *
     * @param jobs in the order of the prompts
     * @param isReplayed whether an earlier request created all of them
     */
    record AcceptedBatch(List<Job> jobs, boolean isReplayed) {}

    /**
     * Creates the generations that do not exist yet. Completed even if the subscriber cancels. Fails with a {@link Problem} if another request created the
     * batch, it is not admitted, or too many generations would wait; with {@link io.atelier.messaging.PublishingFailed} if the brokers did not confirm all.
     */
    Mono<AcceptedBatch> submit(BatchId id, ParsedBatch batch) {
        return creation.submit(id, batch.requests(), existing -> {
            int missing = batch.requests().size() - existing.size();
            return missing == 0
                    ? Mono.just(new AcceptedBatch(jobs(existing, batch), true))
                    : admit(batch, missing).flatMap(admitted -> publish(id, batch, admitted, existing));
        });
    }

    /** The request of all prompts with its source images. All have the same model and sources, so that one check is enough. */
    private Mono<GenerationRequest> admit(ParsedBatch batch, int missing) {
        var first = batch.requests().get(0);
        return Mono.fromRunnable(() -> requireRoom(first.request(), missing))
                .then(submissions.admit(first.request(), first.inline()));
    }

    private void requireRoom(GenerationRequest request, int added) {
        var depth = backlog.depths().get(new Lane(request.pool(), request.model(), request.engine()));
        int queued = depth == null ? 0 : depth.queued();
        if (queued + added > maxQueued) {
            throw new Problem(
                            ProblemKind.QUEUE_LIMIT_REACHED,
                            "%d generations wait for the model '%s', and %d may; the batch has %d more. None of them was created. Send it later, or a smaller one."
                                    .formatted(queued, request.model(), maxQueued, added))
                    .retryAfter(RETRY_AFTER)
                    .with("queued", queued)
                    .with("max_queued", maxQueued);
        }
    }

    private Mono<AcceptedBatch> publish(
            BatchId id, ParsedBatch batch, GenerationRequest admitted, Map<Integer, Job> existing) {
        return Flux.range(0, batch.requests().size())
                .filter(index -> !existing.containsKey(index))
                // One after the other: the order in the queue is that of the prompts.
                .concatMap(index -> Mono.fromSupplier(() -> event(id, batch, admitted, index))
                        .flatMap(event -> submissions.publish(event).thenReturn(new Published(index, event))))
                .collectList()
                .flatMapMany(Flux::fromIterable)
                .flatMap(
                        published ->
                                submissions.awaitView(published.event()).map(job -> Map.entry(published.index(), job)),
                        batch.requests().size())
                .collectMap(Map.Entry::getKey, Map.Entry::getValue, () -> new HashMap<>(existing))
                .map(all -> new AcceptedBatch(jobs(all, batch), false));
    }

    private record Published(int index, GenerationRequested event) {}

    private GenerationRequested event(BatchId id, ParsedBatch batch, GenerationRequest admitted, int index) {
        var own = batch.requests().get(index);
        var request = own.request().toBuilder()
                .images(admitted.images())
                .mask(admitted.mask())
                .labels(id.labels(
                        own.request().labels(), index, batch.requests().size()))
                .build();
        return submissions.requested(id.job(index), own.digest(), request);
    }

    private static List<Job> jobs(Map<Integer, Job> byIndex, ParsedBatch batch) {
        var jobs = new ArrayList<Job>();
        for (int i = 0; i < batch.requests().size(); i++) {
            jobs.add(Objects.requireNonNull(byIndex.get(i)));
        }
        return jobs;
    }
}
