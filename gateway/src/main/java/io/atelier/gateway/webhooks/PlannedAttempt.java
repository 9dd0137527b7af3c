package io.atelier.gateway.webhooks;

import io.atelier.messaging.WebhookDelivery;
import io.atelier.messaging.WebhookDelivery.Status;
import java.net.URI;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The next attempt of a delivery. The natural order is that of the times at which attempts are due.
 *
 * @param id id of the delivery
 * @param host host of the receiver in lower case; empty if the address has none
 * @param dueAt earliest time of the attempt
 * @param attempts number of the attempts so far
 * @param offset offset of the last record of the delivery
 * @param delivery the last record; null if it is to be read again, because many deliveries are pending
 */
record PlannedAttempt(
        String id,
        String host,
        Instant dueAt,
        int attempts,
        long offset,
        @Nullable WebhookDelivery delivery) implements Comparable<PlannedAttempt> {

    private static final Comparator<PlannedAttempt> ORDER =
            Comparator.comparing(PlannedAttempt::dueAt).thenComparing(PlannedAttempt::id);

    /** The next attempt by a record; null if none follows. */
    static @Nullable PlannedAttempt of(@Nullable WebhookDelivery record, long offset) {
        if (record == null || record.status() != Status.PENDING) {
            return null;
        }
        var dueAt = Objects.requireNonNullElse(record.nextAttemptAt(), record.createdAt());
        return new PlannedAttempt(
                record.id(), host(record.url()), dueAt, record.attempts().size(), offset, record);
    }

    /** The same without the record. */
    PlannedAttempt withoutDelivery() {
        return new PlannedAttempt(id, host, dueAt, attempts, offset, null);
    }

    /** The same at another time. */
    PlannedAttempt at(Instant time) {
        return new PlannedAttempt(id, host, time, attempts, offset, delivery);
    }

    @Override
    public int compareTo(PlannedAttempt other) {
        return ORDER.compare(this, other);
    }

    /** The host of an address; the empty string if there is none. */
    static String host(String url) {
        try {
            return Objects.requireNonNullElse(URI.create(url).getHost(), "").toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
