package io.atelier.gateway.api.batches;

import io.atelier.contract.job.Job;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.jobs.JobsNotReady;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Finds the jobs of batches of any kind by their ids. Thread-safe. */
public final class BatchReader {

    private final Jobs jobs;
    private final JobLookup lookup;
    private final Scheduler threads;

    /** @param threads a bounded pool, for reads of many jobs */
    public BatchReader(Jobs jobs, JobLookup lookup, Scheduler threads) {
        this.jobs = jobs;
        this.lookup = lookup;
        this.threads = threads;
    }

    /**
     * A kind of batches.
     *
     * @param parser the id in a text; empty if the text is none
     * @param form what an id looks like, for people
     * @param members what the jobs are called
     * @param maxSize the largest number of jobs
     */
    public record Kind<K extends BatchKey>(
            Function<String, Optional<K>> parser, String form, String members, int maxSize) {}

    /**
     * The jobs of a batch that the view shows.
     *
     * @param size how many jobs the batch has
     * @param jobs by their places; not empty
     */
    public record Found<K extends BatchKey>(K id, int size, TreeMap<Integer, Job> jobs) {}

    /** The batch of the id. Fails with a {@link Problem} if there is none, all of its jobs were erased, or this is not known yet. */
    public <K extends BatchKey> Mono<Found<K>> find(Kind<K> kind, String text) {
        return Mono.defer(() -> kind.parser()
                .apply(text)
                .map(id -> read(kind, id).switchIfEmpty(Mono.defer(() -> awaitFirst(kind, id))))
                .orElseGet(() -> Mono.error(
                        new Problem(ProblemKind.NOT_FOUND, "This is not the id of a %s.".formatted(kind.form())))));
    }

    private <K extends BatchKey> Mono<Found<K>> read(Kind<K> kind, K id) {
        return Mono.fromCallable(() -> shown(kind, id))
                .subscribeOn(threads)
                .onErrorMap(RejectedExecutionException.class, full -> overloaded())
                .onErrorMap(JobsNotReady.class, JobLookup::startingProblem)
                .flatMap(Mono::justOrEmpty);
    }

    /** Empty if the view shows none of its jobs. */
    private <K extends BatchKey> Optional<Found<K>> shown(Kind<K> kind, K id) {
        var found = new TreeMap<Integer, Job>();
        var size = OptionalInt.empty();
        int end = kind.maxSize();
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
            var cause = JobLookup.erasedProblem(found.firstEntry().getValue()).kind();
            throw new Problem(cause, "All %s of the batch '%s' are erased.".formatted(kind.members(), id))
                    .with("batch_id", id.toString());
        }
        return Optional.of(new Found<>(id, size.getAsInt(), found));
    }

    /** Waits for the first job as for any new one. */
    private <K extends BatchKey> Mono<Found<K>> awaitFirst(Kind<K> kind, K id) {
        return lookup.findIncludingErased(id.job(0).value())
                .onErrorMap(
                        failure -> failure instanceof Problem problem && problem.kind() == ProblemKind.NOT_FOUND,
                        failure -> missing(id))
                .then(read(kind, id))
                .switchIfEmpty(Mono.error(() -> missing(id)));
    }

    private static Problem overloaded() {
        return new Problem(
                        ProblemKind.OVERLOADED, "The gateway is reading as many batches as it can at once. Try again.")
                .retryAfter(Duration.ofSeconds(1));
    }

    private static Problem missing(BatchKey id) {
        return new Problem(ProblemKind.NOT_FOUND, "There is no batch '%s'.".formatted(id));
    }
}
