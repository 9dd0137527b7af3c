package io.atelier.gateway.api.submission;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequest.Terms;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.publishing.NonBlockingPublisher;
import io.atelier.gateway.api.request.GenerationRequestReader.ParsedRequest;
import io.atelier.gateway.api.request.InlineImage;
import io.atelier.gateway.api.request.PersonaTexts;
import io.atelier.gateway.lifecycle.NewJob;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.jobs.JobsNotReady;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Mono;

/**
 * Checks admission, resolves source images, stores personal texts, then publishes the request: one record, confirmed by the brokers, creates a job. Then
 * this gateway's view shows the job, so that a client can read its own write. Thread-safe.
 */
public final class JobSubmissionService {

    private final Consumer<GenerationRequest> admission;
    private final BiFunction<GenerationRequest, List<InlineImage>, Mono<GenerationRequest>> sources;
    private final PersonaTextRepository texts;
    private final NonBlockingPublisher publisher;
    private final Jobs jobs;
    private final SubmissionProperties properties;
    private final Clock clock;
    private final RandomGenerator random;
    private final Map<JobId, Mono<AcceptedJob>> inProgress = new ConcurrentHashMap<>();

    /**
     * @param admission throws the problem of a request that is refused
     * @param sources adds the store keys of source images to a request, and stores those that were in the request itself; or fails with the problem
     *     of those that do not exist
     * @param texts stores personal texts, to which records only refer
     * @param random makes ids hard to guess: a secure one, thread-safe
     */
    public JobSubmissionService(
            Consumer<GenerationRequest> admission,
            BiFunction<GenerationRequest, List<InlineImage>, Mono<GenerationRequest>> sources,
            PersonaTextRepository texts,
            NonBlockingPublisher publisher,
            Jobs jobs,
            SubmissionProperties properties,
            Clock clock,
            RandomGenerator random) {
        this.admission = admission;
        this.sources = sources;
        this.texts = texts;
        this.publisher = publisher;
        this.jobs = jobs;
        this.properties = properties;
        this.clock = clock;
        this.random = random;
    }

    /**
     * A job whose request the brokers have confirmed.
     *
     * @param isReplayed whether an earlier request with the same id or idempotency key created it
     */
    public record AcceptedJob(Job job, boolean isReplayed) {}

    /**
     * What a job is created from.
     *
     * @param inline images that were in the request itself
     * @param texts personal texts, to which the published request will refer
     */
    record NewRequest(GenerationRequest request, List<InlineImage> inline, PersonaTexts texts) {

        /** A request without images and personal texts of its own. */
        static NewRequest of(GenerationRequest request) {
            return new NewRequest(request, List.of(), PersonaTexts.NONE);
        }

        private static NewRequest of(ParsedRequest parsed, GenerationRequest request) {
            return new NewRequest(request, parsed.inline(), parsed.texts());
        }
    }

    /**
     * Creates a job. It keeps the digest of its request, so that a PUT of the same request to its id finds it. Fails with {@link
     * io.atelier.messaging.PublishingFailed} if the brokers did not confirm it.
     */
    public Mono<AcceptedJob> submit(ParsedRequest request) {
        return submit(NewRequest.of(request, withDigest(request.request(), request.digest())));
    }

    /** Like {@link #submit(ParsedRequest)}, for a request that was not in a body. */
    Mono<AcceptedJob> submit(GenerationRequest request) {
        return submit(NewRequest.of(request));
    }

    /** Like {@link #submit(ParsedRequest)}, for a request that was not in a body. */
    Mono<AcceptedJob> submit(NewRequest request) {
        return Mono.defer(() -> {
            var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            return accept(
                            new GenerationRequested(
                                    JobId.create(now, random),
                                    NewJob.task(request.request()),
                                    1,
                                    properties.maxAttempts(),
                                    now,
                                    null,
                                    request.request()),
                            request)
                    .flatMap(this::shown)
                    .map(job -> new AcceptedJob(job, false));
        });
    }

    /**
     * Creates the job of an id that the client chose, or finds the one that the same request created. Fails with a problem if the job was
     * erased.
     *
     * @param conflict the problem if another request has created the job
     */
    public Mono<AcceptedJob> submit(JobId id, ParsedRequest request, Function<JobId, Problem> conflict) {
        return submitParsed(id, request.digest(), Mono.just(request), conflict);
    }

    /**
     * Like {@link #submit(JobId, ParsedRequest, Function)}, for a request that is decided only if no job of the id exists.
     *
     * @param digest of what the client sent, which is that of the request, too
     */
    public Mono<AcceptedJob> submitParsed(
            JobId id, String digest, Mono<ParsedRequest> request, Function<JobId, Problem> conflict) {
        return submitNew(id, digest, request.map(parsed -> NewRequest.of(parsed, parsed.request())), conflict);
    }

    /**
     * Like {@link #submit(JobId, ParsedRequest, Function)}, for a request that is made only if no job of the id exists.
     *
     * @param digest of what the client sent, 64 lower-case hex digits
     * @param request without a digest in its terms
     */
    Mono<AcceptedJob> submit(
            JobId id, String digest, Mono<GenerationRequest> request, Function<JobId, Problem> conflict) {
        return submitNew(id, digest, request.map(NewRequest::of), conflict);
    }

    /** Like {@link #submit(JobId, String, Mono, Function)}, for a request with images or personal texts of its own. */
    Mono<AcceptedJob> submitNew(JobId id, String digest, Mono<NewRequest> request, Function<JobId, Problem> conflict) {
        return Mono.defer(() -> findOr(id, () -> submitFirst(id, digest, request)))
                .onErrorMap(JobsNotReady.class, JobLookup::startingProblem)
                .flatMap(accepted -> requireSameRequest(accepted, digest, conflict));
    }

    /** The jobs that this gateway shows. */
    public Optional<Job> find(JobId id) {
        return jobs.find(id);
    }

    private Mono<AcceptedJob> findOr(JobId id, Supplier<Mono<AcceptedJob>> creation) {
        return jobs.find(id).map(job -> Mono.just(new AcceptedJob(job, true))).orElseGet(creation);
    }

    /** Of concurrent requests for one id, the first creates the job and the others wait for its result. */
    private Mono<AcceptedJob> submitFirst(JobId id, String digest, Mono<NewRequest> request) {
        // Looks once more: since the last look, another request may have been accepted, shown and removed here.
        var mine = Mono.defer(() -> findOr(
                        id,
                        () -> request.flatMap(complete -> accept(requested(id, digest, complete.request()), complete))
                                .flatMap(this::awaitView)
                                .map(job -> new AcceptedJob(job, false))))
                // Before its end is passed on: a client that sends a failed request again at once must not get the same
                // failure.
                .doOnTerminate(() -> inProgress.remove(id))
                .cache();
        var first = inProgress.putIfAbsent(id, mine);
        return first == null ? mine : first.map(accepted -> new AcceptedJob(accepted.job(), true));
    }

    /**
     * The name of the task depends on the body. If two gateways accept different bodies for one id at the same moment, the lifecycle uses the
     * request that it receives first; reports and objects of the other one have another task name and are ignored.
     */
    public GenerationRequested requested(JobId id, String digest, GenerationRequest request) {
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var task = NewJob.task(request) + "-" + digest.substring(0, 8);
        return new GenerationRequested(id, task, 1, properties.maxAttempts(), now, null, withDigest(request, digest));
    }

    private static GenerationRequest withDigest(GenerationRequest request, String digest) {
        var terms = request.terms();
        return request.withTerms(
                new Terms(terms.startBy(), terms.completeBy(), terms.retain(), terms.parent(), digest));
    }

    private static Mono<AcceptedJob> requireSameRequest(
            AcceptedJob accepted, String digest, Function<JobId, Problem> conflict) {
        var job = accepted.job();
        if (job.erasure() != null) {
            return Mono.error(JobLookup.erasedProblem(job));
        }
        return digest.equals(job.request().terms().digest())
                ? Mono.just(accepted)
                : Mono.error(conflict.apply(job.id()));
    }

    private Mono<GenerationRequested> accept(GenerationRequested event, NewRequest request) {
        return admit(event.request(), request.inline())
                .flatMap(admitted -> withTexts(event.with(admitted), request.texts()))
                .flatMap(complete -> publish(complete).thenReturn(complete));
    }

    /** The request with its source images, if it is admitted. Fails with a problem if not, or if one of them does not exist. */
    public Mono<GenerationRequest> admit(GenerationRequest request, List<InlineImage> inline) {
        return Mono.fromSupplier(() -> request)
                .doOnNext(admission)
                .flatMap(admitted -> sources.apply(admitted, inline));
    }

    /** The same request with references to its personal texts, which are in the folder of the job then. */
    public Mono<GenerationRequested> withTexts(GenerationRequested event, PersonaTexts given) {
        return texts.store(event.job(), event.request(), given).map(event::with);
    }

    /** Completes when the brokers have confirmed the request. */
    public Mono<Void> publish(GenerationRequested event) {
        return publisher.publish(event);
    }

    /** Shows a job of a new id, for which the lifecycle can receive no other request. */
    private Mono<Job> shown(GenerationRequested event) {
        var job = NewJob.of(event);
        return jobs.accept(job) ? Mono.just(job) : awaitView(event);
    }

    /**
     * The job of a request that was published, as soon as the view shows it; never fails. So it is what the lifecycle makes of an id that the client
     * chose: another gateway may have published another request for it first.
     */
    public Mono<Job> awaitView(GenerationRequested event) {
        // The job is accepted now, so nothing that the view does may turn into an error.
        return Mono.defer(() -> jobs.await(event.job(), 1, properties.visibleTimeout()))
                .onErrorComplete(JobsNotReady.class)
                .defaultIfEmpty(NewJob.of(event));
    }
}
