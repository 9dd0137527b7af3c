package io.atelier.worker.lease;

import io.atelier.worker.lease.WorkSlots.Claim;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Lets one consumer fetch only while it has claimed a slot, and renew the lease of a record that it holds. Used by the thread of its consumer. */
final class ConsumerSlot {

    private final WorkSlots slots;
    private @Nullable Claim claim;
    private boolean holdsRecord;

    ConsumerSlot(WorkSlots slots) {
        this.slots = slots;
    }

    /** Whether the consumer may poll. Claims a slot if it has none and holds no record, and waits for one until the timeout. */
    boolean mayFetch(Duration timeout) {
        if (claim == null && !holdsRecord) {
            claim = slots.claim(timeout).orElse(null);
        }
        return claim != null || holdsRecord;
    }

    /** Notes that the consumer holds a record, and returns the claim of the slot, which the caller frees. */
    Claim receive() {
        var claimed = claim;
        if (claimed == null) {
            throw new IllegalStateException("A record was received without a claimed slot");
        }
        claim = null;
        holdsRecord = true;
        claimed.fetched();
        return claimed;
    }

    /** Notes that the record is about to be acknowledged. */
    void release() {
        holdsRecord = false;
    }

    /** Frees a claimed slot, because the consumer ends. */
    void close() {
        holdsRecord = false;
        if (claim != null) {
            claim.free();
            claim = null;
        }
    }
}
