package io.atelier.gateway.upkeep.janitor;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.upkeep.publication.CopyRemoval;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.jobs.JobsNotReady;
import io.atelier.storage.ObjectPage;
import io.atelier.storage.ObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Lists all objects of jobs in the store and deletes those that no job needs, with the copies that a failed job published, according to this gateway's view. The view may be behind: it shows a job
 * as open for too long, but never as ended too early, so an orphan may stay until the next sweep, but no image that is needed is deleted.
 *
 * <p>Blocks its thread. Several gateways may sweep at the same time.
 */
public final class Janitor {

    private static final int PAGE = 500;

    /** As long as tasks are kept: a job that is unknown after that was never accepted. */
    private static final Duration TEXT_TTL = Duration.ofDays(7);

    private final ObjectStore store;
    private final CopyRemoval copies;
    private final Jobs jobs;
    private final JanitorProperties properties;
    private final Clock clock;

    public Janitor(ObjectStore store, CopyRemoval copies, Jobs jobs, JanitorProperties properties, Clock clock) {
        this.store = store;
        this.copies = copies;
        this.jobs = jobs;
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
        @Nullable String after = null;
        do {
            if (!jobs.ready()) {
                throw new JobsNotReady();
            }
            var page = store.list(JobFolder.ROOT, after, PAGE).join();
            result = sweep(page, result);
            after = page.next();
            if (after != null) {
                Thread.sleep(properties.pageInterval().toMillis());
            }
        } while (after != null);
        return result;
    }

    private SweepResult sweep(ObjectPage page, SweepResult soFar) {
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
            if (use == ObjectUse.ORPHANED || (unknown && owner.isPresent() && isForgotten(object, owner.get(), now))) {
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

    /** Whether an object of an unknown job is deleted: a text has no owner if the gateway ended between storing it and publishing the job. */
    private boolean isForgotten(ObjectPage.Listed object, JobId job, Instant now) {
        boolean isOld = object.lastModified().isBefore(now.minus(TEXT_TTL));
        return properties.deleteUnknown()
                || (isOld && JobFolder.isText(job, object.key().value()));
    }
}
