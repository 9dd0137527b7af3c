package io.atelier.gateway.api.avatars;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.batches.BatchCreation;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.request.AvatarRequestReader.ParsedAvatars;
import io.atelier.gateway.api.request.GenerationRequestReader.ParsedRequest;
import io.atelier.gateway.api.submission.JobSubmissionService;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Creates the jobs of batches of avatars, held, in the order of their personas. Nothing is published before everything is checked and all texts are
 * stored. If publishing breaks off, the first ones exist; the same request with the same key completes the batch. Thread-safe.
 */
public final class AvatarBatchSubmissions {

    private static final int TEXTS_AT_ONCE = 8;

    private final Demonstration demonstration;
    private final JobSubmissionService submissions;
    private final BatchCreation<AcceptedAvatars> creation;

    public AvatarBatchSubmissions(Demonstration demonstration, JobSubmissionService submissions) {
        this.demonstration = demonstration;
        this.submissions = submissions;
        this.creation = new BatchCreation<>(submissions);
    }

    /**
     * A batch whose requests the brokers have confirmed.
     *
     * @param jobs by the places of their personas
     * @param isReplayed whether an earlier request created all of them
     */
    record AcceptedAvatars(Map<Integer, Job> jobs, boolean isReplayed) {}

    /**
     * Creates the jobs that do not exist yet. Completed even if the subscriber cancels. Fails with a {@link Problem} if another request created the batch,
     * or it is not admitted; with {@link io.atelier.storage.ObjectStoreFailed} or {@link io.atelier.messaging.PublishingFailed} if not all of it could be
     * written.
     */
    Mono<AcceptedAvatars> submit(AvatarBatchId id, ParsedAvatars batch) {
        return creation.submit(
                id,
                batch.requests(),
                existing -> existing.size() == batch.requests().size()
                        ? Mono.just(new AcceptedAvatars(existing, true))
                        : admit(batch).flatMap(admitted -> publish(id, batch, admitted, existing)));
    }

    /** A request of the batch with its source images. All have the same model and sources, so that one check is enough. */
    private Mono<GenerationRequest> admit(ParsedAvatars batch) {
        return Mono.fromSupplier(() -> demonstration.inPlaceOf(batch.requests().get(0)))
                .flatMap(first -> submissions.admit(first.request(), first.inline()));
    }

    private Mono<AcceptedAvatars> publish(
            AvatarBatchId id, ParsedAvatars batch, GenerationRequest admitted, Map<Integer, Job> existing) {
        return Flux.range(0, batch.requests().size())
                .filter(index -> !existing.containsKey(index))
                .flatMapSequential(
                        index -> Mono.fromSupplier(() -> event(id, batch, admitted, index))
                                .flatMap(event -> submissions.withTexts(
                                        event, batch.requests().get(index).texts())),
                        TEXTS_AT_ONCE,
                        1)
                .collectList()
                .flatMap(events -> publish(events).thenReturn(events))
                .flatMapMany(Flux::fromIterable)
                .flatMap(submissions::awaitView, batch.requests().size())
                .collectMap(Job::id)
                .map(created -> new AcceptedAvatars(all(id, batch, existing, created), false));
    }

    /** One after the other: the jobs are accepted in the order of the personas. */
    private Mono<Void> publish(List<GenerationRequested> events) {
        return Flux.fromIterable(events).concatMap(submissions::publish).then();
    }

    private GenerationRequested event(AvatarBatchId id, ParsedAvatars batch, GenerationRequest admitted, int index) {
        ParsedRequest own = demonstration.inPlaceOf(batch.requests().get(index));
        var spec = Objects.requireNonNull(own.request().avatar());
        var sources = Objects.requireNonNull(admitted.avatar());
        var place = new AvatarBatchPlace(id, index, batch.requests().size(), batch.concurrency());
        var request =
                own
                        .request()
                        .withAvatar(spec.toBuilder()
                                .base(sources.base())
                                .face(sources.face())
                                .build())
                        .toBuilder()
                        .labels(place.labels(own.request().labels()))
                        .build();
        return submissions.requested(id.job(index), own.digest(), request);
    }

    private static Map<Integer, Job> all(
            AvatarBatchId id, ParsedAvatars batch, Map<Integer, Job> existing, Map<JobId, Job> created) {
        var all = new HashMap<>(existing);
        for (int i = 0; i < batch.requests().size(); i++) {
            var job = created.get(id.job(i));
            if (job != null) {
                all.put(i, job);
            }
        }
        return all;
    }
}
