package io.atelier.worker.cancellation;

import io.atelier.contract.job.JobId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/**
 * The jobs that were canceled of late, as far as this process has heard. Remembers ids only, and of those the last {@value #REMEMBERED}.
 * Thread-safe.
 */
public final class CanceledJobs {

    /** Some 20 MB at most. An order whose cancellation was forgotten is done for nothing; the lifecycle knows better and says nothing of it. */
    static final int REMEMBERED = 200_000;

    private final Set<UUID> ids = new LinkedHashSet<>();
    private final List<BiConsumer<JobId, CancellationRequest>> listeners = new CopyOnWriteArrayList<>();

    /** Whether nobody wants the job any more. */
    public synchronized boolean contains(JobId job) {
        return ids.contains(job.uuid());
    }

    /** Tells the listener of every cancellation from now on, on the thread that hears of it. Close the registration in the end. */
    public Cancellation.Registration onCancel(BiConsumer<JobId, CancellationRequest> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Remembers the job, and then tells the listeners: who looks after it has begun to listen misses none. */
    public void add(JobId job, CancellationRequest cancellationRequest) {
        remember(job.uuid());
        listeners.forEach(listener -> listener.accept(job, cancellationRequest));
    }

    private synchronized void remember(UUID id) {
        ids.add(id);
        if (ids.size() > REMEMBERED) {
            ids.remove(ids.iterator().next());
        }
    }
}
