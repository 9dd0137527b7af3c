package io.atelier.gateway.api.generations;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.request.ClientSuppliedId;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.jobs.JobsNotReady;
import io.atelier.gateway.view.jobs.LifecycleOffsets;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;

/**
 * Finds the job of an id, and waits for its changes. Waits for this gateway's view where a new job or state may not be shown yet. Thread-safe.
 */
public final class JobLookup {

    private static final Duration NEW_ID_AGE = Duration.ofSeconds(10);

    private final Jobs jobs;
    private final LifecycleOffsets offsets;
    private final GenerationProperties properties;
    private final Clock clock;

    public JobLookup(Jobs jobs, LifecycleOffsets offsets, GenerationProperties properties, Clock clock) {
        this.jobs = jobs;
        this.offsets = offsets;
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
                .onErrorMap(JobsNotReady.class, JobLookup::startingProblem);
    }

    /**
     * The job of the id, in its terminal state if the job has one, also one that the view does not show yet. So a client that has received the
     * event of the end can fetch an image at once, though the view may be behind the event.
     */
    public Mono<Job> findSettled(String id) {
        return find(id).flatMap(job -> awaitTerminal(job).switchIfEmpty(Mono.defer(() -> findCaughtUp(id))));
    }

    /** The job once the view shows everything that was published before the call. */
    private Mono<Job> findCaughtUp(String id) {
        return jobs.caughtUp(properties.catchUpTimeout())
                .onErrorMap(JobsNotReady.class, JobLookup::startingProblem)
                .then(Mono.defer(() -> find(id)));
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
                : jobs.follow(job.id()).takeUntil(done).take(timeout).last(job).onErrorReturn(JobsNotReady.class, job);
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
        return jobs.find(id).map(Mono::just).orElseGet(() -> await(id));
    }

    private Mono<Job> await(JobId id) {
        var shown = mayBeNew(id) ? jobs.await(id, 1, properties.newJobTimeout()) : Mono.<Job>empty();
        // In this order: what the lifecycle has written by then lies before the end offset up to which the view reads.
        var caughtUp = Mono.defer(() -> offsets.lifecycleCaughtUp(properties.catchUpTimeout()))
                .then(Mono.defer(() -> jobs.caughtUp(properties.catchUpTimeout())))
                .then(Mono.defer(() -> Mono.justOrEmpty(jobs.find(id))));
        return shown.switchIfEmpty(caughtUp)
                .switchIfEmpty(Mono.error(
                        () -> jobs.ready() ? unknownProblem(id.value()) : startingProblem(new JobsNotReady())));
    }

    private boolean mayBeNew(JobId id) {
        // The clock of the gateway that created the id may be ahead of this one's. An id without a time may be new.
        return id.createdAt()
                .map(created -> Duration.between(created, clock.instant()).abs().compareTo(NEW_ID_AGE) < 0)
                .orElse(true);
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

    /** The problem while the view has not caught up. */
    public static Problem startingProblem(JobsNotReady notReady) {
        return new Problem(
                        ProblemKind.STARTING,
                        "This gateway is still reading the jobs and does not know yet whether this one exists. Ask again.")
                .retryAfter(Duration.ofSeconds(2));
    }
}
