package io.atelier.gateway.webhooks;

import io.atelier.messaging.WebhookDelivery;
import io.atelier.messaging.WebhookDelivery.Attempt;
import io.atelier.messaging.WebhookDelivery.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The pending deliveries, made from the records of the topic in their order: the last record of a delivery counts. An attempt runs from its
 * {@link #start} until the record that it published was read again, so that none is made twice. Not thread-safe.
 *
 * <p>Memory: a pending delivery takes about half a kilobyte, the first {@value #MAX_HELD} of them also their record, which has up to 30 kB.
 */
final class PendingDeliveries {

    /** The number of deliveries whose records are kept in memory; those of others are read again when an attempt is due. */
    static final int MAX_HELD = 1_000;

    private final int maxHeld;
    private final int maxRunning;
    private final int maxRunningOfHost;
    private final Map<String, PlannedAttempt> planned = new HashMap<>();
    private final TreeSet<PlannedAttempt> byTime = new TreeSet<>();
    private final Map<String, RunningAttempt> running = new HashMap<>();
    private final Map<String, Integer> hosts = new HashMap<>();
    private int held;

    /**
     * @param maxHeld the number of deliveries whose records are kept
     * @param maxRunning the largest number of attempts at the same time
     * @param maxRunningOfHost the largest number of attempts at the same time to one host
     */
    PendingDeliveries(int maxHeld, int maxRunning, int maxRunningOfHost) {
        this.maxHeld = maxHeld;
        this.maxRunning = maxRunning;
        this.maxRunningOfHost = maxRunningOfHost;
    }

    /**
     * The next record of the topic was read.
     *
     * @param id key of the record
     * @param record null if the delivery was deleted
     * @return a record to publish, because the record of an attempt has overwritten an erasure, or a request to send the message again; empty otherwise
     */
    Optional<WebhookDelivery> read(String id, long offset, @Nullable WebhookDelivery record) {
        var run = running.get(id);
        if (run == null) {
            replan(id, PlannedAttempt.of(record, offset));
            return Optional.empty();
        }
        run.read(record, offset);
        return endIfComplete(id, run);
    }

    /**
     * The record of an attempt was published.
     *
     * @return as of {@link #read}
     */
    Optional<WebhookDelivery> published(String id, Attempt attempt) {
        var run = running.get(id);
        if (run == null) {
            return Optional.empty();
        }
        run.published = attempt;
        return endIfComplete(id, run);
    }

    /** Takes the attempts that are due, as many as may run. */
    List<PlannedAttempt> start(Instant now) {
        var started = new ArrayList<PlannedAttempt>();
        for (var attempt : byTime) {
            if (attempt.dueAt().isAfter(now) || running.size() + started.size() >= maxRunning) {
                break;
            }
            if (hosts.getOrDefault(attempt.host(), 0) < maxRunningOfHost) {
                hosts.merge(attempt.host(), 1, Integer::sum);
                started.add(attempt);
            }
        }
        for (var attempt : started) {
            replan(attempt.id(), null);
            running.put(attempt.id(), new RunningAttempt(attempt));
        }
        return started;
    }

    /** An attempt was not made, or ended without a record: plans it again. */
    void postpone(String id, Instant dueAt) {
        var run = end(id);
        if (run != null && run.next != null) {
            replan(id, run.next.at(dueAt));
        }
    }

    /** The record of an attempt that was started is not there any more, because the topic has a newer one. */
    void replaced(PlannedAttempt attempt) {
        var run = end(attempt.id());
        if (run != null && run.next != null && run.next.offset() != attempt.offset()) {
            replan(attempt.id(), run.next);
        }
    }

    /** When the first of the planned attempts is due; empty if none is planned. */
    Optional<Instant> nextDueAt() {
        return byTime.isEmpty() ? Optional.empty() : Optional.of(byTime.first().dueAt());
    }

    int running() {
        return running.size();
    }

    int size() {
        return planned.size() + running.size();
    }

    void clear() {
        planned.clear();
        byTime.clear();
        running.clear();
        hosts.clear();
        held = 0;
    }

    private Optional<WebhookDelivery> endIfComplete(String id, RunningAttempt run) {
        var own = run.own();
        if (own == null) {
            return Optional.empty();
        }
        end(id);
        if (run.isErased && run.last != null) {
            return Optional.of(erased(own));
        }
        if (run.redelivery != null) {
            return Optional.of(own.pendingAt(run.redelivery));
        }
        replan(id, run.next);
        return Optional.empty();
    }

    private @Nullable RunningAttempt end(String id) {
        var run = running.remove(id);
        if (run != null) {
            hosts.computeIfPresent(run.host, (host, count) -> count == 1 ? null : count - 1);
        }
        return run;
    }

    private void replan(String id, @Nullable PlannedAttempt next) {
        var before = planned.remove(id);
        if (before != null) {
            byTime.remove(before);
            held -= before.delivery() == null ? 0 : 1;
        }
        if (next != null) {
            var kept = held < maxHeld ? next : next.withoutDelivery();
            held += kept.delivery() == null ? 0 : 1;
            planned.put(id, kept);
            byTime.add(kept);
        }
    }

    /** The record of a delivery without what an erasure deletes. */
    private static WebhookDelivery erased(WebhookDelivery delivery) {
        return new WebhookDelivery(
                delivery.id(),
                delivery.job(),
                delivery.type(),
                "",
                "",
                null,
                delivery.createdAt(),
                Status.FAILED,
                List.of(),
                null);
    }

    /** An attempt that runs, and the records of its delivery that were read since it started. */
    private static final class RunningAttempt {

        private final String host;
        private final int attemptsBefore;
        private final List<WebhookDelivery> records = new ArrayList<>();
        private @Nullable PlannedAttempt next;
        private @Nullable WebhookDelivery last;
        private @Nullable Attempt published;
        private @Nullable Instant redelivery;
        private boolean isErased;

        RunningAttempt(PlannedAttempt attempt) {
            this.host = attempt.host();
            this.attemptsBefore = attempt.attempts();
            this.next = attempt;
            this.last = attempt.delivery();
        }

        void read(@Nullable WebhookDelivery record, long offset) {
            last = record;
            next = PlannedAttempt.of(record, offset);
            if (record == null) {
                isErased = true;
            } else {
                records.add(record);
                if (isRedelivery(record)) {
                    redelivery = record.nextAttemptAt();
                }
            }
        }

        /** Whether a client asked for the message again. A first record that the lifecycle repeats is due when the job ended. */
        private boolean isRedelivery(WebhookDelivery record) {
            var due = record.nextAttemptAt();
            return due != null
                    && due.isAfter(record.createdAt())
                    && record.attempts().size() <= attemptsBefore;
        }

        /** The record that contains the published attempt; null if it was not published or not yet read. */
        @Nullable
        WebhookDelivery own() {
            return records.stream()
                    .filter(record ->
                            record.attempts().stream().anyMatch(attempt -> Objects.equals(attempt, published)))
                    .findFirst()
                    .orElse(null);
        }
    }
}
