package io.atelier.gateway.api.batches;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.jobs.JobsNotReady;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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

    /**
     * What the view shows of a batch.
     *
     * @param found empty if it shows none of the jobs
     * @param unknown the ids of which it shows no job
     */
    private record Reading<K extends BatchKey>(Optional<Found<K>> found, List<JobId> unknown) {}

    /**
     * The batch of the id, with all jobs that were accepted before. Fails with a {@link Problem} if there is none, all of its jobs were erased, or this is
     * not known yet.
     */
    public <K extends BatchKey> Mono<Found<K>> find(Kind<K> kind, String text) {
        return Mono.defer(() -> kind.parser()
                .apply(text)
                .map(id -> find(kind, id))
                .orElseGet(() -> Mono.error(
                        new Problem(ProblemKind.NOT_FOUND, "This is not the id of a %s.".formatted(kind.form())))));
    }

    private <K extends BatchKey> Mono<Found<K>> find(Kind<K> kind, K id) {
        return read(kind, id)
                .filter(reading -> reading.found().isPresent())
                .switchIfEmpty(Mono.defer(() -> awaitFirst(kind, id)))
                .filter(reading -> reading.found().isPresent())
                .flatMap(reading -> reading.unknown().isEmpty() ? Mono.just(reading) : awaitUnknown(kind, id, reading))
                .flatMap(reading -> Mono.justOrEmpty(reading.found()))
                .switchIfEmpty(Mono.error(() -> missing(id)));
    }

    private <K extends BatchKey> Mono<Reading<K>> read(Kind<K> kind, K id) {
        return Mono.fromCallable(() -> shown(kind, id))
                .subscribeOn(threads)
                .onErrorMap(RejectedExecutionException.class, full -> overloaded())
                .onErrorMap(JobsNotReady.class, JobLookup::startingProblem);
    }

    private <K extends BatchKey> Reading<K> shown(Kind<K> kind, K id) {
        var found = new TreeMap<Integer, Job>();
        var unknown = new ArrayList<JobId>();
        var size = OptionalInt.empty();
        int end = kind.maxSize();
        for (int i = 0; i < end; i++) {
            var job = jobs.find(id.job(i));
            if (job.isEmpty()) {
                unknown.add(id.job(i));
            } else if (job.filter(id::owns).isPresent()) {
                found.put(i, job.get());
                if (size.isEmpty()) {
                    size = id.size(job.get());
                    end = Math.min(end, size.orElse(end));
                }
            }
        }
        if (found.isEmpty()) {
            return new Reading<>(Optional.empty(), unknown);
        }
        if (size.isEmpty()) {
            // The labels are gone with the texts.
            var cause = JobLookup.erasedProblem(found.firstEntry().getValue()).kind();
            throw new Problem(cause, "All %s of the batch '%s' are erased.".formatted(kind.members(), id))
                    .with("batch_id", id.toString());
        }
        return new Reading<>(Optional.of(new Found<>(id, size.getAsInt(), found)), unknown);
    }

    /** Waits for the first job as for any new one. */
    private <K extends BatchKey> Mono<Reading<K>> awaitFirst(Kind<K> kind, K id) {
        return lookup.findIncludingErased(id.job(0).value())
                .onErrorMap(
                        failure -> failure instanceof Problem problem && problem.kind() == ProblemKind.NOT_FOUND,
                        failure -> missing(id))
                .then(read(kind, id));
    }

    /** Waits once for all jobs of a batch that the view does not show: it may be behind the request that created them. */
    private <K extends BatchKey> Mono<Reading<K>> awaitUnknown(Kind<K> kind, K id, Reading<K> reading) {
        var newest = reading.found().stream()
                .flatMap(found -> found.jobs().values().stream())
                .map(Job::createdAt)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
        return lookup.awaitShown(reading.unknown(), newest).then(read(kind, id));
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
