package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.DeadlineKind;
import io.atelier.contract.job.JobEvent.DeadlinePassed;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.lifecycle.JobState.Ended;
import io.atelier.gateway.lifecycle.JobState.Erased;
import io.atelier.gateway.lifecycle.JobState.Existing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of all jobs of one stream task, in a persistent store that is sorted by time.
 *
 * <p>A deadline that is due is published to the lifecycle's own input. It stays in the store until the lifecycle has received it there, and is
 * published again every 30 seconds until then, so that a crash between the two steps loses no deadline.
 *
 * <p>Not thread-safe: used by the thread of its stream task only.
 */
final class JobDeadlines {

    /** The largest number of deadlines that one call of {@link #due} returns. The next call returns the rest. */
    private static final int MAX_DUE = 1_000;

    private static final Duration REPUBLISH_INTERVAL = Duration.ofSeconds(30);

    /** The store is used as a sorted set of keys, so the value has no meaning. */
    private static final byte[] PRESENT = {1};

    private static final String FIRST_KEY = "0";

    private final KeyValueStore<String, byte[]> store;
    private final Duration cancelAnswerTimeout;
    private final Duration erasedJobTtl;
    private final Map<String, Instant> publishedAt = new HashMap<>();

    /**
     * Creates the deadlines over a store.
     *
     * @param store persistent store; its keys are the deadlines
     * @param cancelAnswerTimeout time after the grace period of a cancellation until the job ends without the worker's confirmation
     * @param erasedJobTtl time after an erasure until the job is purged
     */
    JobDeadlines(KeyValueStore<String, byte[]> store, Duration cancelAnswerTimeout, Duration erasedJobTtl) {
        this.store = store;
        this.cancelAnswerTimeout = cancelAnswerTimeout;
        this.erasedJobTtl = erasedJobTtl;
    }

    /** Adds the deadlines that apply in a state. Idempotent. */
    void add(Existing state) {
        var job = state.record().job();
        var terms = state.record().submission().request().terms();
        var cancel = state.record().cancel();
        if (state instanceof OpenState) {
            add(job, DeadlineKind.START_BY, state.record().hasStarted() ? null : terms.startBy());
            add(job, DeadlineKind.COMPLETE_BY, terms.completeBy());
        }
        if (state instanceof OpenState && cancel != null) {
            add(
                    job,
                    DeadlineKind.CANCEL_ANSWER,
                    cancel.at().plus(cancel.grace()).plus(cancelAnswerTimeout));
        }
        if (state instanceof Ended) {
            add(job, DeadlineKind.RETENTION, Snapshot.expiresAt(state));
        }
        if (state instanceof Erased) {
            add(job, DeadlineKind.MEMORY, state.since().plus(erasedJobTtl));
        }
    }

    /** The deadlines to publish now: those that have passed and were not returned in the last 30 seconds, earliest first. */
    List<DeadlinePassed> due(Instant now) {
        var due = new ArrayList<DeadlinePassed>();
        // '~' sorts after '/', so the range includes all deadlines of this millisecond.
        var lastKey = "%013d~".formatted(Math.max(0, now.toEpochMilli()));
        try (var passed = store.range(FIRST_KEY, lastKey)) {
            while (passed.hasNext() && due.size() < MAX_DUE) {
                var key = passed.next().key;
                if (!publishedAt.getOrDefault(key, Instant.MIN).isAfter(now.minus(REPUBLISH_INTERVAL))) {
                    publishedAt.put(key, now);
                    due.add(parse(key));
                }
            }
        }
        return due;
    }

    /** Removes a deadline that the lifecycle has received. */
    void remove(DeadlinePassed event) {
        var key = key(event.job(), event.kind(), event.at());
        publishedAt.remove(key);
        store.delete(key);
    }

    private void add(JobId job, DeadlineKind kind, @Nullable Instant at) {
        if (at != null) {
            store.putIfAbsent(key(job, kind, at), PRESENT);
        }
    }

    private static String key(JobId job, DeadlineKind kind, Instant at) {
        return "%013d/%s/%s".formatted(Math.max(0, at.toEpochMilli()), job, kind.word());
    }

    private static DeadlinePassed parse(String key) {
        var parts = key.split("/", 3);
        var kind = DeadlineKind.valueOf(parts[2].toUpperCase(Locale.ROOT));
        return new DeadlinePassed(new JobId(parts[1]), Instant.ofEpochMilli(Long.parseLong(parts[0])), kind);
    }
}
