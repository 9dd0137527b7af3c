package io.atelier.worker.lease;

import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;

/** How a lease is renewed, and how often. */
interface LeaseRenewal {

    /** The time between two renewals. */
    Duration interval();

    /**
     * Extends the lease by the lock timeout of the group, from now.
     *
     * @throws KafkaException if the lease is lost, or may be lost
     */
    void renew(ConsumerRecord<String, byte[]> record, ShareConsumer<String, byte[]> consumer);

    /**
     * Renews by an acknowledgement that is committed before the poll. Sent with a poll it would travel in a fetch, and the client would
     * buffer the next record for as long as this one is worked on. The poll that follows the commit finds the renewed record in the client
     * and sends nothing.
     *
     * @param timeout the longest time to wait for the brokers' response
     */
    static LeaseRenewal committed(Duration interval, Duration timeout) {
        return new LeaseRenewal() {
            @Override
            public Duration interval() {
                return interval;
            }

            @Override
            public void renew(ConsumerRecord<String, byte[]> record, ShareConsumer<String, byte[]> consumer) {
                consumer.acknowledge(record, AcknowledgeType.RENEW);
                var results = consumer.commitSync(timeout).values();
                var error = results.stream().flatMap(Optional::stream).findFirst();
                if (error.isPresent()) {
                    throw error.get();
                }
                // Without results the client has lost the leader of the partition, and a poll would fetch.
                if (results.isEmpty() || consumer.poll(Duration.ZERO).isEmpty()) {
                    throw new KafkaException("the brokers did not confirm the renewal");
                }
            }
        };
    }
}
