package io.atelier.gateway.faces.submission;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.job.Job;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.request.GenerationRequestReader.ParsedRequest;
import io.atelier.gateway.api.submission.DisconnectWatcher;
import io.atelier.gateway.api.submission.IdempotencyKey;
import io.atelier.gateway.api.submission.JobSubmissionService;
import io.atelier.gateway.api.submission.JobSubmissionService.AcceptedJob;
import io.atelier.gateway.view.jobs.JobsNotReady;
import java.time.Duration;
import java.util.function.Function;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;

/** Creates the jobs of requests that wait for their images, or finds those of repeated requests. Thread-safe. */
public final class FaceSubmissions {

    /** The header of a response with the id of its generation. */
    public static final String GENERATION_ID = "x-generation-id";

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final JobSubmissionService submissions;
    private final RetriedRequests retried;
    private final JobLookup lookup;
    private final DisconnectWatcher disconnects;

    public FaceSubmissions(
            JobSubmissionService submissions,
            RetriedRequests retried,
            JobLookup lookup,
            DisconnectWatcher disconnects) {
        this.submissions = submissions;
        this.retried = retried;
        this.lookup = lookup;
        this.disconnects = disconnects;
    }

    /**
     * Creates the job of a request, or finds the one that it asks for again: the one of its {@code Idempotency-Key}; without a key, if it is a
     * repetition, that of an earlier request with the same content. Fails with a {@link Problem} if the key belongs to another request.
     *
     * @param operation the method and path of the route, such as {@code POST /v1/images/generations}: keys and contents of one do not count for another
     * @param headers of the request
     * @param isRepeated whether the client says that it has sent the same request before
     */
    public Mono<AcceptedJob> submit(String operation, ParsedRequest request, HttpHeaders headers, boolean isRepeated) {
        var own = new ParsedRequest(
                request.request(),
                Sha256.of(operation + "\n" + request.digest()).hex(),
                request.isCanceledOnDisconnect(),
                request.inline());
        var key = IdempotencyKey.of(headers.getOrEmpty(IdempotencyKey.HEADER));
        if (key.isPresent()) {
            return submissions.submit(key.get().jobId(operation), own, key.get()::conflict);
        }
        var creation = Mono.defer(() -> submissions.submit(own));
        return isRepeated
                ? retried.find(own.digest())
                        .onErrorMap(JobsNotReady.class, JobLookup::startingProblem)
                        .map(job -> new AcceptedJob(job, true))
                        .switchIfEmpty(creation)
                : creation;
    }

    /**
     * Waits for the end of a job, and responds with it. Fails with a {@link Problem} if the wait ends first, or the job was erased; the job goes on.
     *
     * @param submission is completed even if the client disconnects
     * @param timeout the longest wait, which begins when the job is accepted
     * @param isCanceledOnDisconnect whether to cancel the job when the client disconnects before the response is complete
     * @param response sends the images of a job that has ended, or fails with the problem of one that has none
     */
    public <T> Mono<T> respond(
            Mono<AcceptedJob> submission,
            Duration timeout,
            boolean isCanceledOnDisconnect,
            Function<Job, Mono<T>> response) {
        return respondAtOnce(
                submission,
                isCanceledOnDisconnect,
                accepted -> awaitEnd(accepted, timeout)
                        .flatMap(job -> response.apply(job).doOnSuccess(end -> delivered(job))));
    }

    /** Like {@link #respond}, but as soon as the job is accepted. */
    public <T> Mono<T> respondAtOnce(
            Mono<AcceptedJob> submission, boolean isCanceledOnDisconnect, Function<Job, Mono<T>> response) {
        var accepted = submission.cache();
        Runnable onDisconnect = isCanceledOnDisconnect ? disconnects.cancelOnce(accepted) : () -> {};
        return accepted.flatMap(one -> response.apply(one.job())).doOnCancel(onDisconnect);
    }

    /** The job when it has ended. Fails like {@link #respond}. */
    public Mono<Job> awaitEnd(Job job, Duration timeout) {
        return Mono.defer(() -> {
                    retried.startWaiting(job.id());
                    return lookup.awaitEnd(job, timeout);
                })
                .doFinally(end -> retried.stopWaiting(job.id()))
                .flatMap(ended -> ended.status().terminal() ? Mono.just(ended) : Mono.error(timeout(ended, timeout)));
    }

    /** A client has received all images of the job, so that no repeated request finds it. */
    public void delivered(Job job) {
        retried.delivered(job.id());
    }

    private static Problem timeout(Job job, Duration timeout) {
        return new Problem(
                        ProblemKind.WAIT_TIMEOUT,
                        ("The generation '%s' has not ended within %d s. It goes on: GET the generation. A repetition of this request joins it"
                                        + " if both have the same Idempotency-Key, or if OpenAI's client library sends it.")
                                .formatted(job.id(), timeout.toSeconds()))
                .retryAfter(RETRY_AFTER)
                .header("retry-after-ms", Long.toString(RETRY_AFTER.toMillis()))
                .header(GENERATION_ID, job.id().value())
                .with("job_id", job.id().value())
                .with("job_status", job.status().word());
    }
}
