package io.atelier.gateway.webhooks;

import io.atelier.messaging.Topic;
import io.atelier.messaging.WebhookDelivery;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes this gateway the sender while its consumer has the only partition of the topic, which the group gives to one gateway. It then reads
 * the topic from its beginning, and makes attempts once it has read up to the end that the topic had at that time. Nothing is committed: the
 * topic itself says what is pending. Not thread-safe.
 */
final class SenderElection implements ConsumerRebalanceListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SenderElection.class);
    private static final Duration IDLE_POLL = Duration.ofSeconds(1);
    private static final Duration BUSY_POLL = Duration.ofMillis(100);
    private static final Duration POSTPONED = Duration.ofMinutes(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

    private final Consumer<String, byte[]> consumer;
    private final Supplier<Consumer<String, byte[]>> readers;
    private final PendingDeliveries deliveries;
    private final DeliveryAttempts attempts;
    private final WebhookMetrics metrics;
    private final Clock clock;
    private @Nullable TopicPartition partition;
    private @Nullable DeliveryReader reader;
    private long end;
    private boolean isSender;

    /**
     * Joins the group.
     *
     * @param consumer closed by this object; in the group of senders
     * @param readers makes consumers without a group, for records that are read again
     */
    SenderElection(
            Consumer<String, byte[]> consumer,
            Supplier<Consumer<String, byte[]>> readers,
            PendingDeliveries deliveries,
            DeliveryAttempts attempts,
            WebhookMetrics metrics,
            Clock clock) {
        this.consumer = consumer;
        this.readers = readers;
        this.deliveries = deliveries;
        this.attempts = attempts;
        this.metrics = metrics;
        this.clock = clock;
        consumer.subscribe(List.of(Topic.WEBHOOK_DELIVERIES), this);
    }

    /** Reads records, takes notice of attempts that ended, and starts those that are due. Returns after a second at the latest. */
    void run() {
        follow();
        if (isSender) {
            deliveries.start(clock.instant()).forEach(this::start);
        }
    }

    /** Waits until the attempts that run have ended and are published, or the timeout has passed; starts none. */
    void finish(Duration timeout) {
        long start = System.nanoTime();
        while (deliveries.running() > 0 && System.nanoTime() - start < timeout.toNanos()) {
            follow();
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        for (var assigned : partitions) {
            var only = List.of(assigned);
            consumer.seekToBeginning(only);
            end = consumer.endOffsets(only).getOrDefault(assigned, 0L);
            partition = assigned;
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        if (!partitions.isEmpty()) {
            resign();
        }
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
        resign();
    }

    private void follow() {
        for (var record : consumer.poll(pollTimeout())) {
            var delivery = DeliveryReader.delivery(record).orElse(null);
            deliveries.read(record.key(), record.offset(), delivery).ifPresent(attempts::publishOnly);
        }
        for (var ended = attempts.pollEnded(); ended.isPresent(); ended = attempts.pollEnded()) {
            end(ended.get());
        }
        var held = partition;
        if (!isSender && held != null && consumer.position(held) >= end) {
            isSender = true;
            LOG.info("This gateway sends the messages to webhooks; {} are pending.", deliveries.size());
        }
        metrics.pending(deliveries.size());
    }

    private void end(DeliveryAttempts.Ended ended) {
        var attempt = ended.attempt();
        if (attempt == null) {
            deliveries.postpone(ended.id(), clock.instant().plus(POSTPONED));
        } else {
            deliveries.published(ended.id(), attempt).ifPresent(attempts::publishOnly);
        }
    }

    private void start(PlannedAttempt attempt) {
        delivery(attempt).ifPresentOrElse(attempts::start, () -> deliveries.replaced(attempt));
    }

    private Optional<WebhookDelivery> delivery(PlannedAttempt attempt) {
        return attempt.delivery() != null ? Optional.of(attempt.delivery()) : reader().at(attempt.offset());
    }

    private DeliveryReader reader() {
        var opened = reader;
        if (opened == null) {
            opened = new DeliveryReader(readers.get(), new TopicPartition(Topic.WEBHOOK_DELIVERIES, 0));
            reader = opened;
        }
        return opened;
    }

    private Duration pollTimeout() {
        if (!isSender) {
            return IDLE_POLL;
        }
        if (deliveries.running() > 0) {
            return BUSY_POLL;
        }
        var now = clock.instant();
        return deliveries
                .nextDueAt()
                .map(due -> due.isAfter(now) ? Duration.between(now, due) : Duration.ZERO)
                .filter(untilDue -> untilDue.compareTo(IDLE_POLL) < 0)
                .orElse(IDLE_POLL);
    }

    /** Another gateway makes the attempts from now on, also again those that had not ended. */
    private void resign() {
        isSender = false;
        partition = null;
        attempts.cancel();
        deliveries.clear();
        metrics.pending(0);
        var opened = reader;
        if (opened != null) {
            reader = null;
            opened.close();
        }
    }
}
