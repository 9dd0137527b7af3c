package io.atelier.generator.preview;

import io.atelier.contract.job.JobId;
import io.atelier.contract.work.PreviewsRequested;
import io.atelier.contract.work.WorkerCommand;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The jobs whose previews clients want at present, at most {@value #MAX_JOBS}; further ones have none. Thread-safe.
 *
 * <p>Gateways say until when, by their clocks. If the clock of this worker is ahead by more than the validity of a request, it makes no previews; by a
 * part of it, it makes them with gaps. If it is behind, it makes them for longer, but at most {@link #MAX_VALIDITY} after a request arrived.
 */
public final class WantedPreviews {

    static final int MAX_JOBS = 10_000;

    /** Twice what gateways ask for. */
    static final Duration MAX_VALIDITY = Duration.ofMinutes(2);

    private final InstantSource clock;
    private final Map<JobId, Instant> until = new HashMap<>();

    public WantedPreviews(InstantSource clock) {
        this.clock = clock;
    }

    /** Follows a request to all workers. Never waits. */
    public void obey(WorkerCommand command) {
        if (command instanceof PreviewsRequested request) {
            add(request);
        }
    }

    /** Whether previews of a job are wanted now. */
    public synchronized boolean contains(JobId job) {
        @Nullable Instant end = until.get(job);
        return end != null && end.isAfter(clock.instant());
    }

    /** The number of jobs, with some whose requests have expired. */
    synchronized int size() {
        return until.size();
    }

    private synchronized void add(PreviewsRequested request) {
        var now = clock.instant();
        var latest = now.plus(MAX_VALIDITY);
        var end = request.until().isBefore(latest) ? request.until() : latest;
        if (!end.isAfter(now)) {
            return;
        }
        // Requests are rare: one per watched job in 20 seconds.
        until.values().removeIf(other -> !other.isAfter(now));
        if (until.size() < MAX_JOBS || until.containsKey(request.job())) {
            until.merge(request.job(), end, (one, other) -> one.isAfter(other) ? one : other);
        }
    }
}
