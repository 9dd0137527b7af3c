package io.atelier.gateway.submission;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequest.Terms;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.answer.Accepted;
import io.atelier.gateway.generations.Generations;
import io.atelier.gateway.jobs.Jobs;
import io.atelier.gateway.jobs.JobsNotReady;
import io.atelier.gateway.lifecycle.NewJob;
import io.atelier.gateway.request.Asked;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Mono;

/**
 * Accepts a job: one record, confirmed by the brokers, is all there is to it. Then waits for this gateway's own view to show the job, so
 * that whoever gets the answer can ask for it at once.
 */
final class Submission {

    private static final String TASK = "generate";

    private final Gate gate;
    private final Jobs jobs;
    private final SubmissionProperties properties;
    private final Clock clock;
    private final RandomGenerator random;
    private final Map<JobId, Mono<Accepted>> underWay = new ConcurrentHashMap<>();

    /** @param random makes ids hard to guess: a secure one, thread-safe */
    Submission(Gate gate, Jobs jobs, SubmissionProperties properties, Clock clock, RandomGenerator random) {
        this.gate = gate;
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
    Mono<Accepted> submit(JobId id, Asked asked, NameTaken taken) {
        return Mono.defer(() -> jobs.find(id)
                        .map(job -> Mono.just(new Accepted(job, true)))
                        .orElseGet(() -> submitFirst(id, asked)))
                .onErrorMap(JobsNotReady.class, Generations::starting)
                .flatMap(accepted -> same(accepted, asked, taken));
    }

    /** Two at a time may ask for the same: the second one waits for the first one's answer. */
    private Mono<Accepted> submitFirst(JobId id, Asked asked) {
        // Looks once more: since the last look, another may have been accepted, shown and forgotten here.
        var mine = Mono.defer(() -> jobs.find(id)
                        .map(job -> Mono.just(new Accepted(job, true)))
                        .orElseGet(() -> accept(order(id, asked)).map(job -> new Accepted(job, false))))
                .doFinally(end -> underWay.remove(id))
                .cache();
        var first = underWay.putIfAbsent(id, mine);
        return first == null ? mine : first.map(accepted -> new Accepted(accepted.job(), true));
    }

    /**
     * The task is named after the body: should two gateways accept different bodies for one id at the same moment, only the one that the
     * lifecycle hears first counts, and what workers make of the other one lies elsewhere and is not listened to.
     */
    private GenerationRequested order(JobId id, Asked asked) {
        var request = asked.request();
        var terms = request.terms();
        var named = new Terms(terms.startBy(), terms.completeBy(), terms.retain(), terms.parent(), asked.digest());
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var task = TASK + "-" + asked.digest().substring(0, 8);
        return new GenerationRequested(id, task, 1, properties.maxAttempts(), now, null, request.with(named));
    }

    private static Mono<Accepted> same(Accepted accepted, Asked asked, NameTaken taken) {
        var job = accepted.job();
        if (job.erasure() != null) {
            return Mono.error(Generations.gone(job));
        }
        return asked.digest().equals(job.request().terms().digest())
                ? Mono.just(accepted)
                : Mono.error(taken.problem(job.id()));
    }

    private Mono<Job> accept(GenerationRequested order) {
        return gate.pass(order).flatMap(this::shown);
    }

    private Mono<Job> shown(GenerationRequested order) {
        // The job is accepted, whatever the view says: from here on nothing may turn into an error.
        return Mono.defer(() -> jobs.await(order.job(), 1, properties.visibleWithin()))
                .onErrorComplete(JobsNotReady.class)
                .defaultIfEmpty(NewJob.of(order));
    }
}
