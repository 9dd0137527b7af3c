package io.atelier.gateway.api.avatars;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.request.AvatarRequestReader.ParsedAvatars;
import io.atelier.gateway.api.request.GenerationRequestReader.ParsedRequest;
import io.atelier.gateway.api.submission.JobSubmissionService;
import io.atelier.gateway.view.jobs.JobsNotReady;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
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
    private final Map<AvatarBatchId, Mono<AcceptedAvatars>> inProgress = new ConcurrentHashMap<>();

    public AvatarBatchSubmissions(Demonstration demonstration, JobSubmissionService submissions) {
        this.demonstration = demonstration;
        this.submissions = submissions;
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
        return Mono.defer(() -> {
            var mine = Mono.defer(() -> create(id, batch))
                    .doOnTerminate(() -> inProgress.remove(id))
                    .cache();
            // Two requests for one batch would mix if they had different personas.
            var first = inProgress.putIfAbsent(id, mine);
            return first == null ? mine : first.then().onErrorComplete().then(Mono.defer(() -> submit(id, batch)));
        });
    }

    private Mono<AcceptedAvatars> create(AvatarBatchId id, ParsedAvatars batch) {
        return Mono.fromCallable(() -> existing(id, batch))
                .onErrorMap(JobsNotReady.class, JobLookup::startingProblem)
                .flatMap(existing -> existing.size() == batch.requests().size()
                        ? Mono.just(new AcceptedAvatars(existing, true))
                        : admit(batch).flatMap(admitted -> publish(id, batch, admitted, existing)));
    }

    /** The jobs that an earlier request with the same body has created, by their places. */
    private Map<Integer, Job> existing(AvatarBatchId id, ParsedAvatars batch) {
        var existing = new HashMap<Integer, Job>();
        for (int i = 0; i < batch.requests().size(); i++) {
            int index = i;
            submissions.find(id.job(index)).ifPresent(job -> existing.put(index, job));
        }
        boolean isOther = existing.entrySet().stream().anyMatch(entry -> {
            var digest = batch.requests().get(entry.getKey()).digest();
            return entry.getValue().erasure() == null
                    && !digest.equals(entry.getValue().request().terms().digest());
        });
        if (isOther) {
            throw new Problem(
                            ProblemKind.IDEMPOTENCY_KEY_REUSED,
                            "This Idempotency-Key belongs to the batch '%s', which another request created. Repeat that request, or send a new key."
                                    .formatted(id))
                    .with("batch_id", id.value());
        }
        return existing;
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
