package io.atelier.gateway.generations;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.jobs.Jobs;
import io.atelier.gateway.jobs.JobsNotReady;
import io.atelier.gateway.problem.Problem;
import io.atelier.gateway.problem.ProblemKind;
import java.time.Clock;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Finds the job that an address names, and gives the view a moment to show one that was made just now. */
public final class Generations {

    private static final Duration YOUNG = Duration.ofSeconds(10);

    private final Jobs jobs;
    private final GenerationProperties properties;
    private final Clock clock;

    Generations(Jobs jobs, GenerationProperties properties, Clock clock) {
        this.jobs = jobs;
        this.properties = properties;
        this.clock = clock;
    }

    /** The job of that id. Fails with a {@link Problem} if there is none, or none any more. */
    public Mono<Job> find(String text) {
        return Mono.defer(() -> JobId.parse(text).map(this::known).orElseGet(() -> Mono.error(unknown(text))))
                .onErrorMap(JobsNotReady.class, notReady -> starting())
                .flatMap(job -> job.status() == JobStatus.EXPIRED ? Mono.error(expired(job.id())) : Mono.just(job));
    }

    /**
     * The job of that id, in its terminal state if it has one or is about to show one. What was announced can so be fetched at once, though
     * the announcement may outrun the view.
     */
    public Mono<Job> settled(String text) {
        return find(text).flatMap(job -> terminal(job).defaultIfEmpty(job));
    }

    private Mono<Job> terminal(Job job) {
        return job.status().terminal()
                ? Mono.just(job)
                : jobs.await(job.id(), job.version() + 1, properties.announcedWait())
                        .flatMap(this::terminal);
    }

    private Mono<Job> known(JobId id) {
        return jobs.find(id).map(Mono::just).orElseGet(() -> awaited(id));
    }

    private Mono<Job> awaited(JobId id) {
        var shown = isYoung(id) ? jobs.await(id, 1, properties.youngWait()) : Mono.<Job>empty();
        return shown.switchIfEmpty(Mono.error(() -> jobs.ready() ? unknown(id.value()) : starting()));
    }

    private boolean isYoung(JobId id) {
        // The clock of the gateway that made the id may be ahead of this one's.
        return id.createdAt()
                .map(made -> Duration.between(made, clock.instant()).abs().compareTo(YOUNG) < 0)
                .orElse(false);
    }

    private static Problem unknown(String text) {
        return new Problem(
                ProblemKind.NOT_FOUND,
                JobId.parse(text).isPresent()
                        ? "There is no generation '%s'.".formatted(text)
                        : "That is not the id of a generation: 'gen_' and 26 characters of 0-9 a-z without i, l, o, u.");
    }

    private static Problem expired(JobId id) {
        return new Problem(ProblemKind.EXPIRED, "The generation '%s' expired before it was begun.".formatted(id))
                .with("job_id", id.value());
    }

    private static Problem starting() {
        return new Problem(
                        ProblemKind.STARTING,
                        "This gateway is still reading where jobs stand and cannot say whether there is such a one.")
                .retryAfter(Duration.ofSeconds(2));
    }
}
