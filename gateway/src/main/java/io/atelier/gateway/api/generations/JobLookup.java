package io.atelier.gateway.api.generations;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.jobs.JobsNotReady;
import io.atelier.gateway.view.jobs.LifecycleOffsets;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;

/** Finds the job that an address names, and gives the view a moment to show one that was made just now. */
public final class JobLookup {

    private static final Duration YOUNG = Duration.ofSeconds(10);

    private final Jobs jobs;
    private final LifecycleOffsets intake;
    private final GenerationProperties properties;
    private final Clock clock;

    public JobLookup(Jobs jobs, LifecycleOffsets intake, GenerationProperties properties, Clock clock) {
        this.jobs = jobs;
        this.intake = intake;
        this.properties = properties;
        this.clock = clock;
    }

    /** The job of that id. Fails with a {@link Problem} if there is none, or none any more. */
    public Mono<Job> find(String text) {
        return findErasedToo(text).flatMap(JobLookup::present);
    }

    /** Like {@link #find}, but what is left of an erased job is found, too. */
    public Mono<Job> findErasedToo(String text) {
        return Mono.defer(() -> JobId.parse(text).map(this::known).orElseGet(() -> Mono.error(unknown(text))))
                .onErrorMap(JobsNotReady.class, JobLookup::starting);
    }

    /**
     * The job of that id, in its terminal state if it has one or is about to show one. What was announced can so be fetched at once, though
     * the announcement may outrun the view.
     */
    public Mono<Job> settled(String text) {
        return find(text).flatMap(job -> terminal(job).switchIfEmpty(Mono.defer(() -> caughtUp(text))));
    }

    /** As {@link #find} finds it once the view shows all that anybody could have heard before he asked. */
    private Mono<Job> caughtUp(String text) {
        return jobs.caughtUp(properties.catchUpTimeout())
                .onErrorMap(JobsNotReady.class, JobLookup::starting)
                .then(Mono.defer(() -> find(text)));
    }

    /** The job when it has ended, or as it stands when the time is over. Fails with a {@link Problem} if it was erased meanwhile. */
    public Mono<Job> ended(Job job, Duration within) {
        return held(job, later -> false, within);
    }

    /** The job when it has passed the version or has ended, or as it stands when the time is over. Fails like {@link #ended}. */
    public Mono<Job> beyond(Job job, int version, Duration within) {
        return held(job, later -> later.version() > version, within);
    }

    private Mono<Job> held(Job job, Predicate<Job> enough, Duration within) {
        Predicate<Job> done = later -> later.status().terminal() || enough.test(later);
        var last = done.test(job)
                ? Mono.just(job)
                : jobs.follow(job.id()).takeUntil(done).take(within).last(job).onErrorReturn(JobsNotReady.class, job);
        return last.flatMap(JobLookup::present);
    }

    private static Mono<Job> present(Job job) {
        return job.erasure() == null ? Mono.just(job) : Mono.error(gone(job));
    }

    private Mono<Job> terminal(Job job) {
        return job.status().terminal()
                ? Mono.just(job)
                : jobs.await(job.id(), job.version() + 1, properties.announcedTimeout())
                        .flatMap(this::terminal);
    }

    private Mono<Job> known(JobId id) {
        return jobs.find(id).map(Mono::just).orElseGet(() -> awaited(id));
    }

    private Mono<Job> awaited(JobId id) {
        var shown = isYoung(id) ? jobs.await(id, 1, properties.newJobTimeout()) : Mono.<Job>empty();
        // In this order: what was entered lies before the end up to which the view then reads.
        var caughtUp = Mono.defer(() -> intake.entered(properties.catchUpTimeout()))
                .then(Mono.defer(() -> jobs.caughtUp(properties.catchUpTimeout())))
                .then(Mono.defer(() -> Mono.justOrEmpty(jobs.find(id))));
        return shown.switchIfEmpty(caughtUp)
                .switchIfEmpty(Mono.error(() -> jobs.ready() ? unknown(id.value()) : starting(new JobsNotReady())));
    }

    private boolean isYoung(JobId id) {
        // The clock of the gateway that made the id may be ahead of this one's. An id that carries no time may be new.
        return id.createdAt()
                .map(made -> Duration.between(made, clock.instant()).abs().compareTo(YOUNG) < 0)
                .orElse(true);
    }

    private static Problem unknown(String text) {
        return new Problem(
                ProblemKind.NOT_FOUND,
                JobId.parse(text).isPresent()
                        ? "There is no generation '%s'.".formatted(text)
                        : "That is not the id of a generation: 'gen_' and 26 characters of 0-9 a-z without i, l, o, u.");
    }

    /** What to say of a job whose pictures and words were erased. */
    public static Problem gone(Job job) {
        var erasure = job.erasure();
        boolean retentionEnded = erasure != null && erasure.retentionEnded();
        var detail = retentionEnded
                ? "The time is up for which the generation '%s' was kept; its pictures and words are erased."
                : "The generation '%s' was erased, as somebody asked.";
        return new Problem(retentionEnded ? ProblemKind.EXPIRED : ProblemKind.ERASED, detail.formatted(job.id()))
                .with("job_id", job.id().value());
    }

    /** What to say while the view is still catching up. */
    public static Problem starting(JobsNotReady notReady) {
        return new Problem(
                        ProblemKind.STARTING,
                        "This gateway is still reading where jobs stand and cannot say whether there is such a one.")
                .retryAfter(Duration.ofSeconds(2));
    }
}
