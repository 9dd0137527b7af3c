package io.atelier.gateway.api.avatars;

import io.atelier.contract.job.Job;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.request.RequestLimits;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.jobs.JobsNotReady;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Finds the jobs of a batch of avatars by their ids, which are derived from that of the batch. Thread-safe. */
public final class AvatarBatchLookup {

    private final Jobs jobs;
    private final JobLookup lookup;
    private final Scheduler threads;

    /** @param threads a bounded pool, for reads of many jobs */
    public AvatarBatchLookup(Jobs jobs, JobLookup lookup, Scheduler threads) {
        this.jobs = jobs;
        this.lookup = lookup;
        this.threads = threads;
    }

    /**
     * The jobs of a batch that the view shows.
     *
     * @param place of one of them
     * @param jobs by the places of their personas; not empty
     */
    record FoundAvatars(AvatarBatchPlace place, Map<Integer, Job> jobs) {}

    /** The batch of the id. Fails with a {@link Problem} if there is none, all of its jobs were erased, or this is not known yet. */
    Mono<FoundAvatars> find(String text) {
        return Mono.defer(() -> AvatarBatchId.parse(text)
                .map(id -> read(id).switchIfEmpty(Mono.defer(() -> awaitFirst(id))))
                .orElseGet(() -> Mono.error(unknown(text))));
    }

    private Mono<FoundAvatars> read(AvatarBatchId id) {
        return Mono.fromCallable(() -> shown(id))
                .subscribeOn(threads)
                .onErrorMap(RejectedExecutionException.class, full -> overloaded())
                .onErrorMap(JobsNotReady.class, JobLookup::startingProblem)
                .flatMap(Mono::justOrEmpty);
    }

    /** Empty if the view shows none of its jobs. */
    private Optional<FoundAvatars> shown(AvatarBatchId id) {
        var found = new TreeMap<Integer, Job>();
        @Nullable AvatarBatchPlace place = null;
        for (int i = 0; i < (place == null ? RequestLimits.MAX_BATCH_PERSONAS : place.size()); i++) {
            var job = jobs.find(id.job(i)).filter(id::owns).orElse(null);
            if (job != null) {
                found.put(i, job);
                place = place == null
                        ? AvatarBatchPlace.of(job.request().labels()).orElse(null)
                        : place;
            }
        }
        if (found.isEmpty()) {
            return Optional.empty();
        }
        if (place == null) {
            // The labels are gone with the texts.
            var kind = JobLookup.erasedProblem(found.firstEntry().getValue()).kind();
            throw new Problem(kind, "All avatars of the batch '%s' are erased.".formatted(id))
                    .with("batch_id", id.value());
        }
        return Optional.of(new FoundAvatars(place, found));
    }

    /** Waits for the first job as for any new one. */
    private Mono<FoundAvatars> awaitFirst(AvatarBatchId id) {
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
                AvatarBatchId.parse(id).isPresent()
                        ? "There is no batch '%s'.".formatted(id)
                        : "This is not the id of a batch of avatars: 'avatar_batch_' and 26 characters of 0-9 a-z without i, l, o, u.");
    }
}
