package io.atelier.worker.cancellation;

import io.atelier.contract.job.JobId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/** The ids of the last {@value #MAX_IDS} jobs whose cancellation this process received. Thread-safe. */
public final class CanceledJobs {

    /** About 20 MB. A task whose cancellation was dropped runs in vain; the lifecycle ignores its report. */
    static final int MAX_IDS = 200_000;

    private final Set<UUID> ids = new LinkedHashSet<>();
    private final List<BiConsumer<JobId, Cancellation.Request>> listeners = new CopyOnWriteArrayList<>();

    /** Whether the job was canceled. */
    public synchronized boolean contains(JobId job) {
        return ids.contains(job.uuid());
    }

    /** Calls the listener for every later cancellation, on the thread that received it. Close the registration to remove the listener. */
    public Cancellation.Registration onCancel(BiConsumer<JobId, Cancellation.Request> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Adds the job, then calls the listeners. A caller that registers first and checks {@link #contains} afterwards misses none. */
    public void add(JobId job, Cancellation.Request request) {
        remember(job.uuid());
        listeners.forEach(listener -> listener.accept(job, request));
    }

    private synchronized void remember(UUID id) {
        ids.add(id);
        if (ids.size() > MAX_IDS) {
            ids.remove(ids.iterator().next());
        }
    }
}
