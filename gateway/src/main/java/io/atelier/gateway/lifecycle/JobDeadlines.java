package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.JobEvent.DeadlineKind;
import io.atelier.contract.job.JobEvent.DeadlinePassed;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.lifecycle.JobState.Ended;
import io.atelier.gateway.lifecycle.JobState.Erased;
import io.atelier.gateway.lifecycle.JobState.Existing;
import io.atelier.gateway.lifecycle.JobState.Open;
import io.atelier.gateway.lifecycle.JobState.Running;
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
 * The moments that jobs wait for, in the order in which they come. One stays noted until it was heard, so that none is lost if the process
 * ends in between.
 *
 * <p>Not thread-safe: belongs to one task.
 */
final class JobDeadlines {

    /** Enough for one look; the next look comes soon. */
    private static final int MOST_AT_ONCE = 1_000;

    private static final Duration SAID_AGAIN_AFTER = Duration.ofSeconds(30);
    private static final byte[] NOTED = {1};
    private static final char FIRST = '0';

    private final KeyValueStore<String, byte[]> store;
    private final Duration cancelPatience;
    private final Duration memory;
    private final Map<String, Instant> said = new HashMap<>();

    /**
     * The moments in a store.
     *
     * @param cancelPatience how long after the grace a worker may take to say that it stopped
     * @param memory how long after an erasure it is remembered that there was such a job
     */
    JobDeadlines(KeyValueStore<String, byte[]> store, Duration cancelPatience, Duration memory) {
        this.store = store;
        this.cancelPatience = cancelPatience;
        this.memory = memory;
    }

    /** Notes what the state waits for. Safe to do twice. */
    void note(Existing state) {
        var job = state.record().order().job();
        var terms = state.record().order().request().terms();
        var wish = state.record().cancel();
        if (state instanceof Open) {
            note(job, DeadlineKind.START_BY, state.record().begun() ? null : terms.startBy());
            note(job, DeadlineKind.COMPLETE_BY, terms.completeBy());
        }
        if (state instanceof Running && wish != null) {
            note(job, DeadlineKind.CANCEL_ANSWER, wish.at().plus(wish.grace()).plus(cancelPatience));
        }
        if (state instanceof Ended) {
            note(job, DeadlineKind.RETENTION, Snapshot.expiresAt(state));
        }
        if (state instanceof Erased) {
            note(job, DeadlineKind.MEMORY, state.since().plus(memory));
        }
    }

    /** The moments that came and were not heard yet; each is said again after a while if it still is not. */
    List<DeadlinePassed> passed(Instant now) {
        var passed = new ArrayList<DeadlinePassed>();
        var end = "%013d~".formatted(Math.max(0, now.toEpochMilli()));
        try (var due = store.range(Character.toString(FIRST), end)) {
            while (due.hasNext() && passed.size() < MOST_AT_ONCE) {
                var key = due.next().key;
                if (!said.getOrDefault(key, Instant.MIN).isAfter(now.minus(SAID_AGAIN_AFTER))) {
                    said.put(key, now);
                    passed.add(read(key));
                }
            }
        }
        return passed;
    }

    /** The moment was heard. */
    void heard(DeadlinePassed event) {
        var key = key(event.job(), event.kind(), event.at());
        said.remove(key);
        store.delete(key);
    }

    private void note(JobId job, DeadlineKind moment, @Nullable Instant at) {
        if (at != null) {
            store.putIfAbsent(key(job, moment, at), NOTED);
        }
    }

    private static String key(JobId job, DeadlineKind moment, Instant at) {
        return "%013d/%s/%s".formatted(Math.max(0, at.toEpochMilli()), job, moment.word());
    }

    private static DeadlinePassed read(String key) {
        var parts = key.split("/", 3);
        var moment = DeadlineKind.valueOf(parts[2].toUpperCase(Locale.ROOT));
        return new DeadlinePassed(new JobId(parts[1]), Instant.ofEpochMilli(Long.parseLong(parts[0])), moment);
    }
}
