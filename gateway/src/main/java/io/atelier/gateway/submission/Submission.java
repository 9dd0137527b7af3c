package io.atelier.gateway.submission;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.jobs.Jobs;
import io.atelier.gateway.jobs.JobsNotReady;
import io.atelier.gateway.lifecycle.NewJob;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Mono;

/**
 * Accepts a job: one record, confirmed by the brokers, is all there is to it. Then waits for this gateway's own view to show the job, so
 * that whoever gets the answer can ask for it at once.
 */
final class Submission {

    private static final String TASK = "generate";

    private final Publishing publishing;
    private final Jobs jobs;
    private final SubmissionProperties properties;
    private final Clock clock;
    private final RandomGenerator random;

    /** @param random makes ids hard to guess: a secure one, thread-safe */
    Submission(Publishing publishing, Jobs jobs, SubmissionProperties properties, Clock clock, RandomGenerator random) {
        this.publishing = publishing;
        this.jobs = jobs;
        this.properties = properties;
        this.clock = clock;
        this.random = random;
    }

    /** The accepted job. Fails with {@link io.atelier.messaging.PublishingFailed} if the brokers did not confirm it. */
    Mono<Job> submit(GenerationRequest request) {
        return Mono.defer(() -> {
            var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            var id = JobId.create(now, random);
            var order = new GenerationRequested(id, TASK, 1, properties.maxAttempts(), now, null, request);
            return publishing.publish(order).then(shown(order));
        });
    }

    private Mono<Job> shown(GenerationRequested order) {
        // The job is accepted, whatever the view says: from here on nothing may turn into an error.
        return Mono.defer(() -> jobs.await(order.job(), 1, properties.visibleWithin()))
                .onErrorComplete(JobsNotReady.class)
                .defaultIfEmpty(NewJob.of(order));
    }
}
