package io.atelier.worker.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ShareSessionNotFoundException;
import org.junit.jupiter.api.Test;

/** The order of the calls of a renewal, and when it fails. */
final class RenewalTests {

    private static final TopicPartition PARTITION = new TopicPartition("tasks", 0);
    private static final TopicIdPartition ID = new TopicIdPartition(Uuid.randomUuid(), PARTITION);

    private final ConsumerRecord<String, byte[]> record = new ConsumerRecord<>("tasks", 0, 7, "key", new byte[0]);
    private final LeaseRenewal renewal = LeaseRenewal.committed(Duration.ofSeconds(10), Duration.ofSeconds(20));
    private final List<String> calls = new ArrayList<>();

    @Test
    void acknowledgementIsCommittedBeforeThePoll() {
        renewal.renew(record, new ScriptedConsumer(Map.of(ID, Optional.empty()), polled()));

        assertThat(calls).containsExactly("RENEW 7", "commit", "poll PT0S");
    }

    @Test
    void rejectedRenewalIsALostLeaseAndFetchesNothing() {
        var error = new ShareSessionNotFoundException("restarted");

        assertThatCode(() -> renewal.renew(record, new ScriptedConsumer(Map.of(ID, Optional.of(error)), polled())))
                .isSameAs(error);
        assertThat(calls).containsExactly("RENEW 7", "commit");
    }

    @Test
    void renewalWithoutAResponseIsALostLeaseAndFetchesNothing() {
        assertThatExceptionOfType(KafkaException.class)
                .isThrownBy(() -> renewal.renew(record, new ScriptedConsumer(Map.of(), polled())));
        assertThat(calls).containsExactly("RENEW 7", "commit");
    }

    @Test
    void renewedRecordThatIsNotInTheClientIsALostLease() {
        assertThatExceptionOfType(KafkaException.class)
                .isThrownBy(() -> renewal.renew(
                        record, new ScriptedConsumer(Map.of(ID, Optional.empty()), ConsumerRecords.empty())));
    }

    private ConsumerRecords<String, byte[]> polled() {
        return new ConsumerRecords<>(Map.of(PARTITION, List.of(record)), Map.of());
    }

    private final class ScriptedConsumer extends MockShareConsumer<String, byte[]> {

        private final Map<TopicIdPartition, Optional<KafkaException>> results;
        private final ConsumerRecords<String, byte[]> polled;

        ScriptedConsumer(
                Map<TopicIdPartition, Optional<KafkaException>> results, ConsumerRecords<String, byte[]> polled) {
            this.results = results;
            this.polled = polled;
        }

        @Override
        public synchronized void acknowledge(ConsumerRecord<String, byte[]> record, AcknowledgeType type) {
            calls.add(type.name() + " " + record.offset());
        }

        @Override
        public synchronized Map<TopicIdPartition, Optional<KafkaException>> commitSync(Duration timeout) {
            calls.add("commit");
            return results;
        }

        @Override
        public synchronized ConsumerRecords<String, byte[]> poll(Duration timeout) {
            calls.add("poll " + timeout);
            return polled;
        }
    }
}
