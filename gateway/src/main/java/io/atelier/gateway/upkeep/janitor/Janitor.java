package io.atelier.gateway.upkeep.janitor;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.jobs.JobsNotReady;
import io.atelier.storage.ObjectPage;
import io.atelier.storage.ObjectStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Lists all images in the store and deletes those that no job needs, according to this gateway's view. The view may be behind: it shows a job
 * as open for too long, but never as ended too early, so an orphan may stay until the next sweep, but no image that is needed is deleted.
 *
 * <p>Blocks its thread. Several gateways may sweep at the same time.
 */
public final class Janitor {

    private static final int PAGE = 500;

    private final ObjectStore store;
    private final Jobs jobs;
    private final JanitorProperties properties;
    private final Clock clock;

    public Janitor(ObjectStore store, Jobs jobs, JanitorProperties properties, Clock clock) {
        this.store = store;
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
        var latest = clock.instant().minus(properties.gracePeriod());
        var owners = new HashMap<JobId, Optional<Job>>();
        var deletions = new ArrayList<CompletableFuture<Void>>();
        var result = soFar;
        for (var object : page.objects()) {
            if (object.lastModified().isAfter(latest)) {
                continue;
            }
            var owner = ObjectUse.owner(object.key());
            var use = ObjectUse.of(object.key(), owner.flatMap(job -> owners.computeIfAbsent(job, jobs::find)));
            boolean unknown = use == ObjectUse.UNKNOWN;
            if (use == ObjectUse.ORPHANED || (unknown && owner.isPresent() && properties.deleteUnknown())) {
                deletions.add(store.delete(object.key()));
                result = result.deleted(object.bytes(), !unknown);
            } else {
                result = result.kept(!unknown);
            }
        }
        CompletableFuture.allOf(deletions.toArray(CompletableFuture<?>[]::new)).join();
        return result;
    }
}
