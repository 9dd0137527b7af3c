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

/** When a renewal counts, and in which order it is made. */
final class RenewalTests {

    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    private static final TopicIdPartition ID = new TopicIdPartition(Uuid.randomUuid(), PARTITION);

    private final ConsumerRecord<String, byte[]> taken = new ConsumerRecord<>("orders", 0, 7, "key", new byte[0]);
    private final LeaseListener.Renewal renewal =
            LeaseListener.Renewal.committed(Duration.ofSeconds(10), Duration.ofSeconds(20));
    private final List<String> calls = new ArrayList<>();

    @Test
    void acknowledgementIsCommittedBeforeThePoll() {
        renewal.renew(taken, new Answering(Map.of(ID, Optional.empty()), held()));

        assertThat(calls).containsExactly("RENEW 7", "commit", "poll PT0S");
    }

    @Test
    void refusedRenewalIsALostLeaseAndFetchesNothing() {
        var refusal = new ShareSessionNotFoundException("restarted");

        assertThatCode(() -> renewal.renew(taken, new Answering(Map.of(ID, Optional.of(refusal)), held())))
                .isSameAs(refusal);
        assertThat(calls).containsExactly("RENEW 7", "commit");
    }

    @Test
    void renewalWithoutAnAnswerIsALostLeaseAndFetchesNothing() {
        assertThatExceptionOfType(KafkaException.class)
                .isThrownBy(() -> renewal.renew(taken, new Answering(Map.of(), held())));
        assertThat(calls).containsExactly("RENEW 7", "commit");
    }

    @Test
    void recordThatIsNotBackInHandIsALostLease() {
        assertThatExceptionOfType(KafkaException.class)
                .isThrownBy(() ->
                        renewal.renew(taken, new Answering(Map.of(ID, Optional.empty()), ConsumerRecords.empty())));
    }

    private ConsumerRecords<String, byte[]> held() {
        return new ConsumerRecords<>(Map.of(PARTITION, List.of(taken)), Map.of());
    }

    private final class Answering extends MockShareConsumer<String, byte[]> {

        private final Map<TopicIdPartition, Optional<KafkaException>> answers;
        private final ConsumerRecords<String, byte[]> held;

        Answering(Map<TopicIdPartition, Optional<KafkaException>> answers, ConsumerRecords<String, byte[]> held) {
            this.answers = answers;
            this.held = held;
        }

        @Override
        public synchronized void acknowledge(ConsumerRecord<String, byte[]> record, AcknowledgeType type) {
            calls.add(type.name() + " " + record.offset());
        }

        @Override
        public synchronized Map<TopicIdPartition, Optional<KafkaException>> commitSync(Duration timeout) {
            calls.add("commit");
            return answers;
        }

        @Override
        public synchronized ConsumerRecords<String, byte[]> poll(Duration timeout) {
            calls.add("poll " + timeout);
            return held;
        }
    }
}
