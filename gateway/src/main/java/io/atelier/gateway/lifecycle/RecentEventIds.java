package io.atelier.gateway.lifecycle;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The ids of the events and orders that lately went into the topics, by this task or by the one that had its place before. After a crash inputs are heard again; what was written for them the first time is in here, and is not written twice.
 *
 * <p>Not thread-safe: belongs to one task.
 */
final class RecentEventIds {

    /** More than a task writes between two commits, so more than can be heard again. */
    private static final int MOST_IDS = 20_000;

    private final Set<String> ids = Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST_IDS;
        }
    });

    /** Notes an id; true if it was not there. */
    boolean add(String id) {
        return ids.add(id);
    }
}
