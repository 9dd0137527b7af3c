package io.atelier.gateway.api.generations;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.operations.BrokerProbe;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.request.ClientSuppliedId;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.jobs.JobsNotReady;
import io.atelier.gateway.view.jobs.LifecycleOffsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Finds the job of an id, and waits for its changes. Waits for this gateway's view where a new job or state may not be shown yet, except while no
 * broker answers: then nothing new can arrive, and what the view shows is the answer. Thread-safe.
 */
public final class JobLookup {

    private static final Duration VIEW_INTERVAL = Duration.ofMillis(200);

    private static final Duration NEW_ID_AGE = Duration.ofSeconds(10);

    private final Jobs jobs;
    private final LifecycleOffsets offsets;
    private final BrokerProbe brokers;
    private final GenerationProperties properties;
    private final Clock clock;

    public JobLookup(
            Jobs jobs, LifecycleOffsets offsets, BrokerProbe brokers, GenerationProperties properties, Clock clock) {
        this.jobs = jobs;
        this.offsets = offsets;
        this.brokers = brokers;
        this.properties = properties;
        this.clock = clock;
    }

    /** The job of the id. Fails with a {@link Problem} if there is none or it was erased. */
    public Mono<Job> find(String id) {
        return findIncludingErased(id).flatMap(JobLookup::requireNotErased);
    }

    /** Like {@link #find}, but also finds what remains of an erased job. */
    public Mono<Job> findIncludingErased(String id) {
        return Mono.defer(() -> ClientSuppliedId.parse(id)
                        .map(this::findOrAwait)
                        .orElseGet(() -> Mono.error(unknownProblem(id))))
                .onErrorResume(JobsNotReady.class, notReady -> uncertain());
    }

    /**
     * The job of the id, in its terminal state if the job has one, also one that the view does not show yet. So a client that has received the
     * event of the end can fetch an image at once, though the view may be behind the event. Fails with a {@link Problem} if it cannot be known whether
     * the job has ended.
     */
    public Mono<Job> findSettled(String id) {
        return find(id).flatMap(job -> job.status().terminal() ? Mono.just(job) : settled(job));
    }

    private Mono<Job> settled(Job job) {
        var caughtUp = Mono.defer(() -> jobs.caughtUp(properties.catchUpTimeout()))
                .then(Mono.defer(() -> find(job.id().value())))
                .onErrorMap(JobsNotReady.class, notReady -> mayHaveEndedProblem(job));
        return Mono.firstWithSignal(
                awaitTerminal(job).switchIfEmpty(caughtUp), brokersAway().then(Mono.error(mayHaveEndedProblem(job))));
    }

    /** Completes as soon as it is known that no broker answers; otherwise never. */
    private Mono<Void> brokersAway() {
        return brokers.reachable().flatMap(reachable -> reachable ? Mono.never() : Mono.empty());
    }

    /** The job once it has ended, or its current state at the timeout. Fails with a {@link Problem} if it was erased meanwhile. */
    public Mono<Job> awaitEnd(Job job, Duration timeout) {
        return awaitState(job, later -> false, timeout);
    }

    /** The job once it has a later version or has ended, or its current state at the timeout. Fails like {@link #awaitEnd}. */
    public Mono<Job> awaitNewerVersion(Job job, int version, Duration timeout) {
        return awaitState(job, later -> later.version() > version, timeout);
    }

    private Mono<Job> awaitState(Job job, Predicate<Job> matches, Duration timeout) {
        Predicate<Job> done = later -> later.status().terminal() || matches.test(later);
        var last = done.test(job)
                ? Mono.just(job)
                : Flux.defer(() -> jobs.follow(job.id()))
                        // A client that waits has a job that was accepted: it waits for a gateway that has just
                        // started, too.
                        .retryWhen(
                                Retry.fixedDelay(Long.MAX_VALUE, VIEW_INTERVAL).filter(JobsNotReady.class::isInstance))
                        .takeUntil(done)
                        .take(timeout)
                        .last(job);
        return last.flatMap(JobLookup::requireNotErased);
    }

    private static Mono<Job> requireNotErased(Job job) {
        return job.erasure() == null ? Mono.just(job) : Mono.error(erasedProblem(job));
    }

    private Mono<Job> awaitTerminal(Job job) {
        return job.status().terminal()
                ? Mono.just(job)
                : jobs.await(job.id(), job.version() + 1, properties.announcedTimeout())
                        .flatMap(this::awaitTerminal);
    }

    private Mono<Job> findOrAwait(JobId id) {
        return jobs.find(id)
                .map(Mono::just)
                .orElseGet(
                        () -> Mono.firstWithSignal(await(id), brokersAway().then(Mono.error(JobLookup::awayProblem))));
    }

    private Mono<Job> await(JobId id) {
        var shown = mayBeNew(id) ? jobs.await(id, 1, properties.newJobTimeout()) : Mono.<Job>empty();
        return shown.switchIfEmpty(allShown().then(Mono.defer(() -> Mono.justOrEmpty(jobs.find(id)))))
                .switchIfEmpty(Mono.error(() -> jobs.ready() ? unknownProblem(id.value()) : new JobsNotReady()));
    }

    /** Completes when the view shows all jobs that were accepted before this call. Fails with {@link JobsNotReady} if this takes too long. */
    private Mono<Void> allShown() {
        // In this order: what the lifecycle has written by then lies before the end offset up to which the view reads.
        return Mono.defer(() -> offsets.lifecycleCaughtUp(properties.catchUpTimeout()))
                .then(Mono.defer(() -> jobs.caughtUp(properties.catchUpTimeout())));
    }

    /**
     * Completes when the view shows all of some jobs that it does not show yet, or when those that it does not show do not exist. Fails with a {@link
     * Problem} if this cannot be known.
     *
     * @param unknown not empty
     * @param newest when the newest job of their request was created, as far as the view shows it
     */
    public Mono<Void> awaitShown(Collection<JobId> unknown, Instant newest) {
        var shown = Flux.fromIterable(isNew(newest) ? unknown : List.<JobId>of())
                .flatMap(id -> jobs.await(id, 1, properties.newJobTimeout()), unknown.size())
                .count()
                .flatMap(count -> count == unknown.size() ? Mono.<Void>empty() : allShown());
        return Mono.firstWithSignal(shown, brokersAway().then(Mono.error(JobLookup::awayProblem)))
                .onErrorResume(JobsNotReady.class, notReady -> uncertain());
    }

    /** Fails with the reason why it is unknown whether a job exists. */
    private <T> Mono<T> uncertain() {
        return brokers.reachable().flatMap(reachable -> Mono.error(uncertainProblem(reachable)));
    }

    private Problem uncertainProblem(boolean brokersAnswer) {
        if (!brokersAnswer) {
            return awayProblem();
        }
        return jobs.ready() ? behindProblem() : startingProblem(new JobsNotReady());
    }

    private boolean mayBeNew(JobId id) {
        // The clock of the gateway that created the id may be ahead of this one's. An id without a time may be new.
        return id.createdAt().map(this::isNew).orElse(true);
    }

    private boolean isNew(Instant created) {
        return Duration.between(created, clock.instant()).abs().compareTo(NEW_ID_AGE) < 0;
    }

    private static Problem unknownProblem(String id) {
        return new Problem(
                ProblemKind.NOT_FOUND,
                JobId.parse(id).isPresent()
                        ? "There is no generation '%s'.".formatted(id)
                        : "This is not the id of a generation: 'gen_' and 26 characters of 0-9 a-z without i, l, o, u;"
                                + " or the UUID of a PUT.");
    }

    /** The problem of a job whose images and texts were erased. */
    public static Problem erasedProblem(Job job) {
        var erasure = job.erasure();
        boolean retentionEnded = erasure != null && erasure.retentionEnded();
        var detail = retentionEnded
                ? "The retention of the generation '%s' has ended; its images, prompt and labels are erased."
                : "The generation '%s' was erased by request.";
        return new Problem(retentionEnded ? ProblemKind.EXPIRED : ProblemKind.ERASED, detail.formatted(job.id()))
                .with("job_id", job.id().value());
    }

    /** The problem of a job whose persona and prompts are not in the store any more. */
    public static Problem textsErasedProblem(Job job) {
        return new Problem(
                        ProblemKind.ERASED,
                        "The persona and prompts of the generation '%s' are erased.".formatted(job.id()))
                .with("job_id", job.id().value());
    }

    /** The problem while the view has not caught up since the start. */
    public static Problem startingProblem(JobsNotReady notReady) {
        return new Problem(
                        ProblemKind.STARTING,
                        "This gateway has not read all jobs yet, so it does not know whether this one exists. Ask"
                                + " again; /readyz says what is missing.")
                .retryAfter(Duration.ofSeconds(2));
    }

    private static Problem awayProblem() {
        return new Problem(
                        ProblemKind.BROKER_UNAVAILABLE,
                        "No message broker answers. This gateway does not show this generation, but it may have been"
                                + " accepted elsewhere shortly before. Ask again when the brokers are back.")
                .retryAfter(Duration.ofSeconds(5));
    }

    private static Problem mayHaveEndedProblem(Job job) {
        return new Problem(
                        ProblemKind.BROKER_UNAVAILABLE,
                        "The message brokers do not answer in time. The generation was %s in the last state that this gateway knows, and may have ended since. Ask again."
                                .formatted(job.status().word()))
                .with("job_id", job.id().value())
                .with("job_status", job.status().word())
                .retryAfter(Duration.ofSeconds(2));
    }

    private Problem behindProblem() {
        return new Problem(
                        ProblemKind.NOT_READY,
                        "The requests that were accepted last are not processed yet, after %d s, so this generation may be among them. Ask again."
                                .formatted(properties.catchUpTimeout().toSeconds()))
                .retryAfter(Duration.ofSeconds(2));
    }
}
