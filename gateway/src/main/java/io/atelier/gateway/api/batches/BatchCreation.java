package io.atelier.gateway.api.batches;

import io.atelier.contract.job.Job;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.request.GenerationRequestReader.ParsedRequest;
import io.atelier.gateway.api.submission.JobSubmissionService;
import io.atelier.gateway.view.jobs.JobsNotReady;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * What the creation of all kinds of batches has in common: one request at a time for a batch, and the jobs that an earlier one has created.
 * Thread-safe.
 *
 * @param <A> an accepted batch
 */
public final class BatchCreation<A> {

    private final JobSubmissionService submissions;
    private final Map<BatchKey, Mono<A>> inProgress = new ConcurrentHashMap<>();

    public BatchCreation(JobSubmissionService submissions) {
        this.submissions = submissions;
    }

    /**
     * Creates the jobs that do not exist yet. Completed even if the subscriber cancels. Fails with a {@link Problem} if another request created the batch.
     *
     * @param requests one for each job, in the order of their places
     * @param completion creates the jobs that are not among these, which are given by their places
     */
    public Mono<A> submit(BatchKey id, List<ParsedRequest> requests, Function<Map<Integer, Job>, Mono<A>> completion) {
        return Mono.defer(() -> {
            var mine = Mono.fromCallable(() -> existing(id, requests))
                    .onErrorMap(JobsNotReady.class, JobLookup::startingProblem)
                    .flatMap(completion)
                    .doOnTerminate(() -> inProgress.remove(id))
                    .cache();
            // Two requests for one batch would mix if they differed.
            var first = inProgress.putIfAbsent(id, mine);
            return first == null
                    ? mine
                    : first.then().onErrorComplete().then(Mono.defer(() -> submit(id, requests, completion)));
        });
    }

    /** The jobs that an earlier request with the same body has created, by their places. */
    private Map<Integer, Job> existing(BatchKey id, List<ParsedRequest> requests) {
        var existing = new HashMap<Integer, Job>();
        for (int i = 0; i < requests.size(); i++) {
            int index = i;
            submissions.find(id.job(index)).ifPresent(job -> existing.put(index, job));
        }
        boolean isOther = existing.entrySet().stream().anyMatch(entry -> {
            var digest = requests.get(entry.getKey()).digest();
            return entry.getValue().erasure() == null
                    && !digest.equals(entry.getValue().request().terms().digest());
        });
        if (isOther) {
            throw new Problem(
                            ProblemKind.IDEMPOTENCY_KEY_REUSED,
                            "This Idempotency-Key belongs to the batch '%s', which another request created. Repeat that request, or send a new key."
                                    .formatted(id))
                    .with("batch_id", id.toString());
        }
        return existing;
    }
}
