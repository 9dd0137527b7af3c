package io.atelier.gateway.api.submission;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequest.Terms;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.publishing.NonBlockingPublisher;
import io.atelier.gateway.api.request.ParsedRequest;
import io.atelier.gateway.lifecycle.NewJob;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.jobs.JobsNotReady;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Mono;

/**
 * Checks admission, resolves source images, then publishes the request: one record, confirmed by the brokers, creates a job. Afterwards waits
 * for this gateway's own view to show the job, so that a client can read its own write. Thread-safe.
 */
public final class JobSubmissionService {

    private static final String TASK = "generate";

    private final Consumer<GenerationRequest> admission;
    private final UnaryOperator<Mono<GenerationRequest>> sources;
    private final NonBlockingPublisher publisher;
    private final Jobs jobs;
    private final SubmissionProperties properties;
    private final Clock clock;
    private final RandomGenerator random;
    private final Map<JobId, Mono<AcceptedJob>> underWay = new ConcurrentHashMap<>();

    /**
     * @param admission throws the problem of a request that is refused
     * @param sources adds the store keys of source images to a request, or fails with the problem of those that do not exist
     * @param random makes ids hard to guess: a secure one, thread-safe
     */
    public JobSubmissionService(
            Consumer<GenerationRequest> admission,
            UnaryOperator<Mono<GenerationRequest>> sources,
            NonBlockingPublisher publisher,
            Jobs jobs,
            SubmissionProperties properties,
            Clock clock,
            RandomGenerator random) {
        this.admission = admission;
        this.sources = sources;
        this.publisher = publisher;
        this.jobs = jobs;
        this.properties = properties;
        this.clock = clock;
        this.random = random;
    }

    /** The accepted job. Fails with {@link io.atelier.messaging.PublishingFailed} if the brokers did not confirm it. */
    Mono<Job> submit(GenerationRequest request) {
        return Mono.defer(() -> {
            var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            return accept(new GenerationRequested(
                    JobId.create(now, random), TASK, 1, properties.maxAttempts(), now, null, request));
        });
    }

    /**
     * The job of an id that the client chose: the one that is there, or a new one. Fails with a problem if the id belongs to another
     * request, or to a job that was erased.
     */
    Mono<AcceptedJob> submit(JobId id, ParsedRequest asked, IdempotencyConflict taken) {
        return Mono.defer(() -> jobs.find(id)
                        .map(job -> Mono.just(new AcceptedJob(job, true)))
                        .orElseGet(() -> submitFirst(id, asked)))
                .onErrorMap(JobsNotReady.class, JobLookup::starting)
                .flatMap(accepted -> same(accepted, asked, taken));
    }

    /** Two at a time may ask for the same: the second one waits for the first one's answer. */
    private Mono<AcceptedJob> submitFirst(JobId id, ParsedRequest asked) {
        // Looks once more: since the last look, another may have been accepted, shown and forgotten here.
        var mine = Mono.defer(() -> jobs.find(id)
                        .map(job -> Mono.just(new AcceptedJob(job, true)))
                        .orElseGet(() -> accept(order(id, asked)).map(job -> new AcceptedJob(job, false))))
                .doFinally(end -> underWay.remove(id))
                .cache();
        var first = underWay.putIfAbsent(id, mine);
        return first == null ? mine : first.map(accepted -> new AcceptedJob(accepted.job(), true));
    }

    /**
     * The task is named after the body: should two gateways accept different bodies for one id at the same moment, only the one that the
     * lifecycle hears first counts, and what workers make of the other one lies elsewhere and is not listened to.
     */
    private GenerationRequested order(JobId id, ParsedRequest asked) {
        var request = asked.request();
        var terms = request.terms();
        var named = new Terms(terms.startBy(), terms.completeBy(), terms.retain(), terms.parent(), asked.digest());
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var task = TASK + "-" + asked.digest().substring(0, 8);
        return new GenerationRequested(id, task, 1, properties.maxAttempts(), now, null, request.with(named));
    }

    private static Mono<AcceptedJob> same(AcceptedJob accepted, ParsedRequest asked, IdempotencyConflict taken) {
        var job = accepted.job();
        if (job.erasure() != null) {
            return Mono.error(JobLookup.gone(job));
        }
        return asked.digest().equals(job.request().terms().digest())
                ? Mono.just(accepted)
                : Mono.error(taken.problem(job.id()));
    }

    private Mono<Job> accept(GenerationRequested task) {
        return Mono.fromSupplier(task::request)
                .doOnNext(admission)
                .transform(sources)
                .map(task::with)
                .flatMap(complete -> publisher.publish(complete).thenReturn(complete))
                .flatMap(this::shown);
    }

    private Mono<Job> shown(GenerationRequested order) {
        // The job is accepted, whatever the view says: from here on nothing may turn into an error.
        return Mono.defer(() -> jobs.await(order.job(), 1, properties.visibleTimeout()))
                .onErrorComplete(JobsNotReady.class)
                .defaultIfEmpty(NewJob.of(order));
    }
}
