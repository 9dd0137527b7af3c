package io.atelier.worker.binding;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.support.ProducerListener;

/**
 * Logs one line when the brokers stop confirming what a binding sends, and one when they confirm again. Spring's default listener logs every
 * failed record with its content. Thread-safe.
 */
final class ProducerOutageLog implements ProducerListener<Object, Object> {

    private static final Logger LOG = LoggerFactory.getLogger(ProducerOutageLog.class);

    private final AtomicBoolean away = new AtomicBoolean();

    @Override
    public void onSuccess(ProducerRecord<Object, Object> record, RecordMetadata metadata) {
        // Without an offset no broker has confirmed anything: the record was handed to a connection, which an outage
        // leaves open at first.
        if (metadata.hasOffset() && away.compareAndSet(true, false)) {
            LOG.warn("The Kafka brokers answer again.");
        }
    }

    @Override
    public void onError(
            ProducerRecord<Object, Object> record, @Nullable RecordMetadata metadata, @Nullable Exception failure) {
        if (away.compareAndSet(false, true)) {
            LOG.warn(
                    "The Kafka brokers do not answer. Running tasks go on; the connection returns by itself. ({}: {})",
                    record.topic(),
                    failure == null ? "no cause" : failure.getMessage());
        }
    }
}
