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
 * Walks through all pictures and deletes those that no job needs. Going by this gateway's view, which may be behind: it shows a job as open
 * for too long, but never as over too early, so a picture may stay for another round, but none goes that is needed.
 *
 * <p>Blocks its thread. Several janitors do no harm to each other.
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
     * Goes once through everything.
     *
     * @throws JobsNotReady if the view cannot be trusted; then nothing (more) is deleted
     * @throws java.util.concurrent.CompletionException of an {@code ObjectStoreFailed} if the store fails
     * @throws InterruptedException if the round is to end early
     */
    SweepResult round() throws InterruptedException {
        var round = SweepResult.NONE;
        @Nullable String after = null;
        do {
            if (!jobs.ready()) {
                throw new JobsNotReady();
            }
            var page = store.list(JobFolder.ROOT, after, PAGE).join();
            round = tidy(page, round);
            after = page.next();
            if (after != null) {
                Thread.sleep(properties.pageInterval().toMillis());
            }
        } while (after != null);
        return round;
    }

    private SweepResult tidy(ObjectPage page, SweepResult before) {
        var youngest = clock.instant().minus(properties.gracePeriod());
        var known = new HashMap<JobId, Optional<Job>>();
        var deletions = new ArrayList<CompletableFuture<Void>>();
        var round = before;
        for (var object : page.objects()) {
            if (object.lastModified().isAfter(youngest)) {
                continue;
            }
            var owner = ObjectUse.owner(object.key());
            var need = ObjectUse.of(object.key(), owner.flatMap(job -> known.computeIfAbsent(job, jobs::find)));
            boolean unknown = need == ObjectUse.UNKNOWN;
            if (need == ObjectUse.ORPHANED || (unknown && owner.isPresent() && properties.deleteUnknown())) {
                deletions.add(store.delete(object.key()));
                round = round.deleted(object.bytes(), !unknown);
            } else {
                round = round.left(!unknown);
            }
        }
        CompletableFuture.allOf(deletions.toArray(CompletableFuture<?>[]::new)).join();
        return round;
    }
}
