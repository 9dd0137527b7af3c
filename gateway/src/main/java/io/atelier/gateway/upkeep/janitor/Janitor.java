package io.atelier.gateway.upkeep.janitor;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.upkeep.publication.CopyRemoval;
import io.atelier.gateway.view.jobs.JobQuery;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.jobs.JobsNotReady;
import io.atelier.gateway.view.jobs.LifecycleOffsets;
import io.atelier.storage.ObjectPage;
import io.atelier.storage.ObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Lists all objects of jobs in the store and deletes those that no job needs, with the copies that a failed job published, according to this gateway's view. The view may be behind: it shows a job
 * as open for too long, but never as ended too early, so an orphan may stay until the next sweep, but no image that is needed is deleted.
 *
 * <p>Blocks its thread. Several gateways may sweep at the same time.
 */
public final class Janitor {

    private static final int PAGE = 500;

    /** As long as tasks are kept: a job that is unknown after that was never accepted, or is lost. */
    private static final Duration TEXT_TTL = Duration.ofDays(7);

    private static final Duration CATCH_UP_TIMEOUT = Duration.ofSeconds(30);

    private static final JobQuery OLDEST = new JobQuery(1, false, null, null, null, null, Map.of(), null, null, null);

    private final ObjectStore store;
    private final CopyRemoval copies;
    private final Jobs jobs;
    private final LifecycleOffsets offsets;
    private final JanitorProperties properties;
    private final Clock clock;

    public Janitor(
            ObjectStore store,
            CopyRemoval copies,
            Jobs jobs,
            LifecycleOffsets offsets,
            JanitorProperties properties,
            Clock clock) {
        this.store = store;
        this.copies = copies;
        this.jobs = jobs;
        this.offsets = offsets;
        this.properties = properties;
        this.clock = clock;
    }

    /**
     * Sweeps the whole store once.
     *
     * @throws JobsNotReady if the view has not caught up; then nothing (more) is deleted
     * @throws java.util.concurrent.CompletionException of an {@code ObjectStoreFailed} if the store fails
     * @throws InterruptedException if the sweep was interrupted
     */
    SweepResult sweep() throws InterruptedException {
        var result = SweepResult.NONE;
        var textsFrom = unknownTextsFrom();
        @Nullable String after = null;
        do {
            if (!jobs.ready()) {
                throw new JobsNotReady();
            }
            var page = store.list(JobFolder.ROOT, after, PAGE).join();
            result = sweep(page, textsFrom, result);
            after = page.next();
            if (after != null) {
                Thread.sleep(properties.pageInterval().toMillis());
            }
        } while (after != null);
        return result;
    }

    private SweepResult sweep(ObjectPage page, Instant textsFrom, SweepResult soFar) {
        var now = clock.instant();
        var owners = new HashMap<JobId, Optional<Job>>();
        var deletions = new ArrayList<CompletableFuture<Void>>();
        var result = soFar;
        for (var object : page.objects()) {
            if (object.lastModified().isAfter(now.minus(properties.gracePeriod()))) {
                continue;
            }
            var owner = ObjectUse.owner(object.key());
            var use = ObjectUse.of(object.key(), owner.flatMap(job -> owners.computeIfAbsent(job, jobs::find)));
            boolean unknown = use == ObjectUse.UNKNOWN;
            if (use == ObjectUse.ORPHANED
                    || (unknown && owner.isPresent() && isForgotten(object, owner.get(), textsFrom, now))) {
                var job = owner.orElseThrow();
                if (!JobFolder.isPublication(job, object.key().value())) {
                    deletions.add(store.delete(object.key()));
                } else if (copies.remove(job, object.key()).isEmpty()) {
                    result = result.refused(!unknown);
                    continue;
                }
                result = result.deleted(object.bytes(), !unknown);
            } else {
                result = result.kept(!unknown);
            }
        }
        CompletableFuture.allOf(deletions.toArray(CompletableFuture<?>[]::new)).join();
        return result;
    }

    /**
     * The time from which on a text of an unknown job belongs to a request that was never accepted, once it is older than the grace period: the view shows all that
     * was accepted, and the topics are as old as the text. {@link Instant#MAX} if this cannot be known now, such as with a new Kafka.
     */
    private Instant unknownTextsFrom() throws InterruptedException {
        try {
            var caughtUp = new CompletableFuture<Void>();
            offsets.lifecycleCaughtUp(CATCH_UP_TIMEOUT)
                    .then(Mono.defer(() -> jobs.caughtUp(CATCH_UP_TIMEOUT)))
                    .subscribe(nothing -> {}, caughtUp::completeExceptionally, () -> caughtUp.complete(null));
            // This thread is the janitor's own, which waits for the store as well.
            caughtUp.get();
            return jobs.list(OLDEST).jobs().stream()
                    .map(Job::createdAt)
                    .findFirst()
                    .orElse(Instant.MAX);
        } catch (JobsNotReady | ExecutionException e) {
            return Instant.MAX;
        }
    }

    /** Whether an object of an unknown job is deleted: a text has no owner if its request was refused or broke off before it was published. */
    private boolean isForgotten(ObjectPage.Listed object, JobId job, Instant textsFrom, Instant now) {
        var stored = object.lastModified();
        return properties.deleteUnknown()
                || (JobFolder.isText(job, object.key().value())
                        && (stored.isAfter(textsFrom) || stored.isBefore(now.minus(TEXT_TTL))));
    }
}
