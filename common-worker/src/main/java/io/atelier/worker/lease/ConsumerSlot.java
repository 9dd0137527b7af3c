package io.atelier.worker.lease;

import io.atelier.worker.lease.WorkSlots.Claim;
import java.time.Duration;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.jspecify.annotations.Nullable;

/** Lets one consumer fetch only while it has claimed a slot, and renew the lease of a record that it holds. Used by the thread of its consumer. */
final class ConsumerSlot {

    private final WorkSlots slots;
    private @Nullable Claim claim;
    private volatile boolean holdsRecord;
    private @Nullable ShareConsumer<String, byte[]> consumer;

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

    /** Whether the consumer holds a record. May be called by any thread. */
    boolean holdsRecord() {
        return holdsRecord;
    }

    /** Notes which consumer polls, whose record may follow. */
    void polledBy(ShareConsumer<String, byte[]> polling) {
        consumer = polling;
    }

    /** The consumer that holds the record, and can renew its lease. */
    ShareConsumer<String, byte[]> consumer() {
        return Objects.requireNonNull(consumer, "A record was received without a poll");
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
        consumer = null;
        if (claim != null) {
            claim.free();
            claim = null;
        }
    }
}
