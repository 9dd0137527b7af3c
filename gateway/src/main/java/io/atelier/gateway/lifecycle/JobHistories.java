package io.atelier.gateway.lifecycle;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The histories of the jobs of one partition: the state store, and before it the histories that were used last, as objects. A job's events
 * arrive within seconds of each other, and reading a history from the store means to parse all events before. Only the thread of the stream task
 * uses it; a task that starts again makes a new one, because another gateway may have changed the store.
 */
final class JobHistories {

    /** Some 10 KB each. */
    private static final int RECENT = 1_000;

    private final KeyValueStore<String, JobHistory> store;
    private final JobHistory empty;
    private final Map<String, JobHistory> recent = new LinkedHashMap<>(RECENT, 0.75F, true) {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, JobHistory> eldest) {
            return size() > RECENT;
        }
    };

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
            recent.put(job, history);
        }
        return history;
    }

    /** Every change is written to the store at once, so that its changelog has what is announced. */
    void put(String job, JobHistory history) {
        // Forgotten first: if the store fails, the next event must not find what it does not have.
        recent.remove(job);
        store.put(job, history);
        recent.put(job, history);
    }

    void delete(String job) {
        recent.remove(job);
        store.delete(job);
    }
}
