package io.atelier.gateway.lifecycle;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The histories of the jobs of one partition: the state store, and before it the histories of open jobs that were used last, as objects. A job's
 * events arrive within seconds of each other, and reading a history from the store means to parse all events before. Hardly an event follows the
 * end of a job, so the history of a job that has ended is in the store only. Only the thread of the stream task uses it; a task that starts again
 * makes a new one, because another gateway may have changed the store.
 */
final class JobHistories {

    /** Histories that are kept. */
    private static final int MAX_HISTORIES = 1_000;

    /** Events of all histories that are kept: 1 to 2 KB each, with the state after it, beside the prompt. A plain job has 3 to 5, an avatar up to 36. */
    static final int MAX_EVENTS = 10_000;

    private final KeyValueStore<String, JobHistory> store;
    private final JobHistory empty;

    /** The history that was not used for the longest time is the first. */
    private final Map<String, JobHistory> recent = new LinkedHashMap<>(MAX_HISTORIES, 0.75F, true);

    private int events;

    /** @param plan decides which tasks new jobs have */
    JobHistories(KeyValueStore<String, JobHistory> store, TaskPlan plan) {
        this.store = store;
        this.empty = JobHistory.empty(plan);
    }

    /** The history of a job; empty if the job does not exist. */
    JobHistory get(String job) {
        @Nullable JobHistory history = recent.get(job);
        if (history == null) {
            history = store.get(job);
            if (history == null) {
                return empty;
            }
            keep(job, history);
        }
        return history;
    }

    /** Every change is written to the store at once, so that its changelog has what is announced. */
    void put(String job, JobHistory history) {
        // Forgotten first: if the store fails, the next event must not find what it does not have.
        forget(job);
        store.put(job, history);
        keep(job, history);
    }

    void delete(String job) {
        forget(job);
        store.delete(job);
    }

    private void keep(String job, JobHistory history) {
        if (history.hasEnded()) {
            return;
        }
        recent.put(job, history);
        events += size(history);
        var longestUnused = recent.entrySet().iterator();
        while (recent.size() > MAX_HISTORIES || (events > MAX_EVENTS && recent.size() > 1)) {
            events -= size(longestUnused.next().getValue());
            longestUnused.remove();
        }
    }

    private void forget(String job) {
        var known = recent.remove(job);
        if (known != null) {
            events -= size(known);
        }
    }

    private static int size(JobHistory history) {
        return history.applied().size() + history.pending().size();
    }
}
