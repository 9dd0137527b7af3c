package io.atelier.gateway.webhooks;

import io.atelier.messaging.EventCodec;
import io.atelier.messaging.UnreadableRecord;
import io.atelier.messaging.WebhookDelivery;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads single records of deliveries. Blocks; not thread-safe. */
final class DeliveryReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryReader.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private final Consumer<String, byte[]> consumer;
    private final TopicPartition partition;

    /** @param consumer closed by this reader; without a group */
    DeliveryReader(Consumer<String, byte[]> consumer, TopicPartition partition) {
        this.consumer = consumer;
        this.partition = partition;
        consumer.assign(List.of(partition));
    }

    /**
     * The delivery of a record.
     *
     * @return empty if the record is not there any more, because there is a newer one of the same delivery
     * @throws org.apache.kafka.common.errors.TimeoutException if the brokers do not answer
     */
    Optional<WebhookDelivery> at(long offset) {
        consumer.seek(partition, offset);
        var deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (System.nanoTime() - deadline < 0) {
            var records = consumer.poll(Duration.ofMillis(100)).records(partition);
            if (!records.isEmpty()) {
                return records.get(0).offset() == offset ? delivery(records.get(0)) : Optional.empty();
            }
            if (consumer.position(partition) > offset) {
                return Optional.empty();
            }
        }
        throw new org.apache.kafka.common.errors.TimeoutException(
                "The brokers did not deliver the record at offset " + offset + " of " + partition);
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
    }

    /** The delivery in a record; empty for a tombstone, or if this version cannot read it. */
    static Optional<WebhookDelivery> delivery(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(EventCodec.read(record.value(), WebhookDelivery.class));
        } catch (UnreadableRecord e) {
            LOG.error("The record at offset {} of {} is ignored: {}", record.offset(), record.topic(), e.getMessage());
            return Optional.empty();
        }
    }
}
