package io.atelier.gateway.lifecycle;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A bounded set of the ids of recently written events and tasks, including those of a stream task that owned the partition before. After a
 * crash, Kafka Streams processes some inputs again; this set prevents that their outputs are written again.
 *
 * <p>Not thread-safe: used by the thread of its stream task only.
 */
final class RecentEventIds {

    /** More ids than a stream task writes between two commits, and therefore more than it can repeat. */
    private static final int MAX_NEW_IDS = 20_000;

    private final int maximum;

    private final Set<String> ids = Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > maximum;
        }
    });

    /** @param written ids of records that were written before, which count beside those that are added later */
    RecentEventIds(Collection<String> written) {
        maximum = MAX_NEW_IDS + written.size();
        ids.addAll(written);
    }

    /** Adds an id and removes the oldest one if the set is full. Returns false if the set already contains the id. */
    boolean add(String id) {
        return ids.add(id);
    }
}
