package io.atelier.gateway.api.avatars;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.Released;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.generations.AvatarStage;
import io.atelier.gateway.view.jobs.JobSummary;
import io.atelier.gateway.view.jobs.JobWatcher;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.jobs.JobsNotReady;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Releases the held jobs of batches, in their order, so that never more than the batch's concurrency have been released and not ended.
 *
 * <p>A job may run as soon as fewer jobs before it are open than may run at the same time. This follows from the view alone, so every gateway does the
 * same without asking the others, and a new one goes on where another stopped: a view that lags shows jobs as open for too long, never as ended too
 * early, and a release that is repeated changes nothing. Reads jobs on a thread of its own. Thread-safe.
 */
public final class BatchReleases implements JobWatcher, Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(BatchReleases.class);

    /** After this time a release that had no effect is repeated. */
    private static final Duration REPETITION = Duration.ofSeconds(30);

    /** A job is shown after one behind it if the partition of its topic lags. If it is absent for so long, it was erased and purged. */
    private static final Duration MAX_LAG = Duration.ofHours(1);

    private final Supplier<Jobs> jobs;
    private final Function<JobEvent, Mono<Void>> publisher;
    private final InstantSource clock;
    private final Scheduler thread;
    private final Disposable checks;
    private final Map<AvatarBatchId, OpenBatch> open = new ConcurrentHashMap<>();

    /**
     * @param jobs the view, which itself needs its watchers
     * @param publisher completes when the brokers have confirmed an event
     * @param thread one thread
     * @param interval between checks of all open batches, which repeat what was lost
     */
    public BatchReleases(
            Supplier<Jobs> jobs,
            Function<JobEvent, Mono<Void>> publisher,
            InstantSource clock,
            Scheduler thread,
            Duration interval) {
        this.jobs = jobs;
        this.publisher = publisher;
        this.clock = clock;
        this.thread = thread;
        this.checks = thread.schedulePeriodically(
                () -> open.values().forEach(this::check),
                interval.toMillis(),
                interval.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void start(List<JobSummary> summaries) {
        open.clear();
        summaries.forEach(this::changed);
    }

    @Override
    public void changed(JobSummary job) {
        AvatarBatchPlace.of(job.request().labels()).ifPresent(place -> {
            if (job.stage().equals(AvatarStage.HELD)) {
                schedule(open.computeIfAbsent(place.batch(), id -> new OpenBatch(place)));
            } else if (!job.isOpen()) {
                open.computeIfPresent(place.batch(), (id, batch) -> {
                    schedule(batch);
                    return batch;
                });
            }
        });
    }

    @Override
    public void removed(JobId job) {
        // A purged job has ended, which the next check finds out.
    }

    @Override
    public void dispose() {
        checks.dispose();
        thread.dispose();
    }

    private void schedule(OpenBatch batch) {
        if (batch.isScheduled.compareAndSet(false, true)) {
            try {
                thread.schedule(() -> check(batch));
            } catch (RejectedExecutionException stopping) {
                // Another gateway releases the jobs, or this one after its next start.
                batch.isScheduled.set(false);
            }
        }
    }

    private void check(OpenBatch batch) {
        batch.isScheduled.set(false);
        try {
            if (releaseNext(batch)) {
                open.putIfAbsent(batch.place.batch(), batch);
            } else {
                open.remove(batch.place.batch(), batch);
            }
        } catch (JobsNotReady e) {
            LOG.debug("The jobs of the batch {} are not known yet", batch.place.batch());
        }
    }

    /**
     * Releases the jobs whose turn it is. One that is not shown counts as open, because one behind it may be shown first.
     *
     * @return whether jobs are left that may have to be released
     */
    private boolean releaseNext(OpenBatch batch) {
        int first = 0;
        int missing = 0;
        boolean isAnyHeld = false;
        for (int i = 0; i < batch.place.size() && first < batch.place.concurrency(); i++) {
            var job = batch.ended.get(i) ? Optional.<Job>empty() : find(batch, i);
            if (job.filter(found -> found.status().terminal()).isPresent()) {
                batch.ended.set(i);
            }
            if (batch.ended.get(i)) {
                continue;
            }
            first++;
            missing += job.isEmpty() ? 1 : 0;
            if (job.filter(BatchReleases::isHeld).isPresent()) {
                isAnyHeld = true;
                release(batch, job.get().id());
            }
        }
        boolean mayHaveMore = first == batch.place.concurrency();
        return isAnyHeld || (mayHaveMore && (missing == 0 || hasHeldBehind(batch)));
    }

    /** Whether a job is held behind those that are not shown. Counts these as ended if one behind them is old. */
    private boolean hasHeldBehind(OpenBatch batch) {
        boolean isAnyHeld = false;
        boolean isOldBehind = false;
        for (int i = batch.place.size() - 1; i >= 0; i--) {
            var job = find(batch, i);
            if (job.isEmpty() && isOldBehind) {
                batch.ended.set(i);
            }
            isAnyHeld |= job.filter(BatchReleases::isHeld).isPresent();
            isOldBehind |= job.filter(this::isOld).isPresent();
        }
        return isAnyHeld;
    }

    private Optional<Job> find(OpenBatch batch, int index) {
        var id = batch.place.batch();
        return jobs.get().find(id.job(index)).filter(id::owns);
    }

    private static boolean isHeld(Job job) {
        return job.stage().equals(AvatarStage.HELD);
    }

    private boolean isOld(Job job) {
        return job.createdAt().plus(MAX_LAG).isBefore(clock.instant());
    }

    private void release(OpenBatch batch, JobId job) {
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var earlier = batch.released.get(job);
        if (earlier != null && earlier.plus(REPETITION).isAfter(now)) {
            return;
        }
        batch.released.put(job, now);
        publisher.apply(new Released(job, now)).subscribe(confirmed -> {}, failure -> {
            batch.released.remove(job, now);
            LOG.warn("The job {} was not released, which is tried again: {}", job, failure.toString());
        });
    }

    /** What is known of a batch that has held jobs. All but the flag belongs to the thread of the checks. */
    private static final class OpenBatch {

        private final AvatarBatchPlace place;
        private final BitSet ended = new BitSet();
        private final Map<JobId, Instant> released = new ConcurrentHashMap<>();
        private final AtomicBoolean isScheduled = new AtomicBoolean();

        /** @param place of one of its jobs */
        OpenBatch(AvatarBatchPlace place) {
            this.place = place;
        }
    }
}
