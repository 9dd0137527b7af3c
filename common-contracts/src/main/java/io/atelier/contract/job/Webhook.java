package io.atelier.contract.job;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * The address that is notified when a job ends.
 *
 * @param url {@code https} or {@code http} address, at most {@value #MAX_URL_CHARACTERS} characters; empty after an erasure
 * @param events ends to notify of; never empty, and only terminal statuses
 */
public record Webhook(String url, Set<JobStatus> events) {

    /** The largest number of characters of an address. */
    public static final int MAX_URL_CHARACTERS = 2_048;

    public Webhook {
        events = Collections.unmodifiableSet(EnumSet.copyOf(events));
    }

    /** The webhook without its address, which can hold personal data; it still says that the job had one. */
    public Webhook redacted() {
        return new Webhook("", events);
    }
}
