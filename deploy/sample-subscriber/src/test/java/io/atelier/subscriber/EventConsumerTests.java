package io.atelier.subscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.atelier.contract.job.Job;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventConsumerTests {

    private static final TopicPartition PARTITION = new TopicPartition(EventConsumer.EVENTS, 0);

    private final RecordingJobListener listener = new RecordingJobListener();

    @TempDir
    private Path folder;

    @Test
    void handlesSuccessesAndErasuresAndCommitsAllEvents() {
        var events = GoldenEvents.ALL.stream()
                .map(name -> GoldenEvents.event(name, GoldenEvents.job(1)))
                .toList();

        consume(listener, events);

        assertThat(listener.successes).containsExactly(GoldenEvents.job(1));
        assertThat(listener.erasures).containsExactly(GoldenEvents.job(1));
    }

    @Test
    void skipsUnreadableEvents() {
        var broken = new ProducerRecord<>(
                EventConsumer.EVENTS, GoldenEvents.job(1), "{\"id\": 17".getBytes(StandardCharsets.UTF_8));
        broken.headers().add("ce_type", "io.atelier.generation.succeeded.v1".getBytes(StandardCharsets.UTF_8));
        var untyped = new ProducerRecord<>(EventConsumer.EVENTS, "x", new byte[0]);

        consume(
                listener,
                List.of(
                        broken,
                        untyped,
                        GoldenEvents.unknown(GoldenEvents.job(2)),
                        GoldenEvents.ofLaterVersion(GoldenEvents.job(3))));

        assertThat(listener.successes).containsExactly(GoldenEvents.job(3));
    }

    @Test
    void retriesAnEventBeforeTheLaterOnes() {
        var failing = new RecordingJobListener() {
            private int failures = 2;

            @Override
            public void succeeded(Job job) {
                if (job.id().value().equals(GoldenEvents.job(2)) && failures-- > 0) {
                    throw new RetryableFailure("temporary");
                }
                super.succeeded(job);
            }
        };

        consume(
                failing,
                List.of(
                        GoldenEvents.event("generation-succeeded", GoldenEvents.job(1)),
                        GoldenEvents.event("generation-succeeded", GoldenEvents.job(2)),
                        GoldenEvents.event("generation-succeeded", GoldenEvents.job(3))));

        assertThat(failing.successes).containsExactly(GoldenEvents.job(1), GoldenEvents.job(2), GoldenEvents.job(3));
    }

    /** Consumes the records and returns when all are committed. */
    private void consume(JobListener listener, List<ProducerRecord<String, byte[]>> records) {
        try (var processed = ProcessedVersionLog.open(folder.resolve("handled.log"), Instant.now())) {
            var partition = new OnePartition(records);
            var consumer = new EventConsumer(partition, processed, listener, Duration.ofMillis(1));

            assertThatExceptionOfType(AllCommitted.class).isThrownBy(consumer::run);
            assertThat(partition.closed()).isTrue();
            assertThat(partition.commits).isSorted().endsWith((long) records.size());
        }
    }

    /** All records are committed. */
    private static final class AllCommitted extends KafkaException {
        private static final long serialVersionUID = 1L;
    }

    /** A partition that can be read again from any offset; throws when all records are committed. */
    private static final class OnePartition extends MockConsumer<String, byte[]> {

        private final List<ProducerRecord<String, byte[]>> records;
        private final List<Long> commits = new ArrayList<>();

        OnePartition(List<ProducerRecord<String, byte[]>> records) {
            super("earliest");
            this.records = records;
            updateBeginningOffsets(Map.of(PARTITION, 0L));
            schedulePollTask(() -> {
                rebalance(Set.of(PARTITION));
                addRecordsFrom(0);
            });
        }

        @Override
        public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
            super.commitSync(offsets);
            offsets.values().forEach(each -> commits.add(each.offset()));
            if (commits.contains((long) records.size())) {
                setPollException(new AllCommitted());
            }
        }

        @Override
        public synchronized void seek(TopicPartition partition, long offset) {
            super.seek(partition, offset);
            addRecordsFrom((int) offset);
        }

        private void addRecordsFrom(int from) {
            for (int offset = from; offset < records.size(); offset++) {
                addRecord(received(records.get(offset), offset));
            }
        }
    }

    private static ConsumerRecord<String, byte[]> received(ProducerRecord<String, byte[]> sent, int offset) {
        return new ConsumerRecord<>(
                PARTITION.topic(),
                PARTITION.partition(),
                offset,
                Instant.now().toEpochMilli(),
                TimestampType.CREATE_TIME,
                0,
                0,
                sent.key(),
                sent.value(),
                sent.headers(),
                Optional.empty());
    }
}
