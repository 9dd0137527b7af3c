package io.atelier.gateway.api.batches;

import io.atelier.contract.job.Job;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.request.RequestLimits;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.jobs.JobsNotReady;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Finds the generations of a batch by their ids, which are derived from that of the batch. Thread-safe. */
public final class BatchLookup {

    private final Jobs jobs;
    private final JobLookup lookup;
    private final Scheduler threads;

    /** @param threads a bounded pool, for reads of many jobs */
    public BatchLookup(Jobs jobs, JobLookup lookup, Scheduler threads) {
        this.jobs = jobs;
        this.lookup = lookup;
        this.threads = threads;
    }

    /**
     * The generations of a batch that the view shows.
     *
     * @param size how many prompts the batch has
     * @param jobs by the places of their prompts; not empty
     */
    record FoundBatch(BatchId id, int size, TreeMap<Integer, Job> jobs) {}

    /** The batch of the id. Fails with a {@link Problem} if there is none, all of its generations were erased, or this is not known yet. */
    Mono<FoundBatch> find(String text) {
        return Mono.defer(() -> BatchId.parse(text)
                .map(id -> read(id).switchIfEmpty(Mono.defer(() -> awaitFirst(id))))
                .orElseGet(() -> Mono.error(unknown(text))));
    }

    private Mono<FoundBatch> read(BatchId id) {
        return Mono.fromCallable(() -> shown(id))
                .subscribeOn(threads)
                .onErrorMap(RejectedExecutionException.class, full -> overloaded())
                .onErrorMap(JobsNotReady.class, JobLookup::startingProblem)
                .flatMap(Mono::justOrEmpty);
    }

    /** Empty if the view shows none of its generations. */
    private Optional<FoundBatch> shown(BatchId id) {
        var found = new TreeMap<Integer, Job>();
        var size = OptionalInt.empty();
        int end = RequestLimits.MAX_BATCH_PROMPTS;
        for (int i = 0; i < end; i++) {
            var job = jobs.find(id.job(i));
            if (job.filter(id::owns).isPresent()) {
                found.put(i, job.get());
                if (size.isEmpty()) {
                    size = id.size(job.get());
                    end = Math.min(end, size.orElse(end));
                }
            }
        }
        if (found.isEmpty()) {
            return Optional.empty();
        }
        if (size.isEmpty()) {
            // The labels are gone with the texts.
            var kind = JobLookup.erasedProblem(found.firstEntry().getValue()).kind();
            throw new Problem(kind, "All generations of the batch '%s' are erased.".formatted(id))
                    .with("batch_id", id.value());
        }
        return Optional.of(new FoundBatch(id, size.getAsInt(), found));
    }

    /** Waits for the first generation as for any new one. */
    private Mono<FoundBatch> awaitFirst(BatchId id) {
        return lookup.findIncludingErased(id.job(0).value())
                .onErrorMap(
                        failure -> failure instanceof Problem problem && problem.kind() == ProblemKind.NOT_FOUND,
                        failure -> unknown(id.value()))
                .then(read(id))
                .switchIfEmpty(Mono.error(() -> unknown(id.value())));
    }

    private static Problem overloaded() {
        return new Problem(
                        ProblemKind.OVERLOADED, "The gateway is reading as many batches as it can at once. Try again.")
                .retryAfter(Duration.ofSeconds(1));
    }

    private static Problem unknown(String id) {
        return new Problem(
                ProblemKind.NOT_FOUND,
                BatchId.parse(id).isPresent()
                        ? "There is no batch '%s'.".formatted(id)
                        : "This is not the id of a batch: 'batch_' and 26 characters of 0-9 a-z without i, l, o, u.");
    }
}
