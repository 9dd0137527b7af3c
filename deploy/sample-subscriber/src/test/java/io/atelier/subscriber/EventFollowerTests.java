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

class EventFollowerTests {

    private static final TopicPartition PARTITION = new TopicPartition(EventFollower.EVENTS, 0);

    private final PublishedRecords told = new PublishedRecords();

    @TempDir
    private Path folder;

    @Test
    void onlyWhatIsWantedIsToldAndAllIsCommitted() {
        var events = GoldenEvents.ALL.stream()
                .map(name -> GoldenEvents.event(name, GoldenEvents.job(1)))
                .toList();

        follow(told, events);

        assertThat(told.successes).containsExactly(GoldenEvents.job(1));
        assertThat(told.erasures).containsExactly(GoldenEvents.job(1));
    }

    @Test
    void whatCannotBeReadIsPassedOver() {
        var broken = new ProducerRecord<>(
                EventFollower.EVENTS, GoldenEvents.job(1), "{\"id\": 17".getBytes(StandardCharsets.UTF_8));
        broken.headers().add("ce_type", "io.atelier.generation.succeeded.v1".getBytes(StandardCharsets.UTF_8));
        var nameless = new ProducerRecord<>(EventFollower.EVENTS, "x", new byte[0]);

        follow(
                told,
                List.of(
                        broken,
                        nameless,
                        GoldenEvents.unknown(GoldenEvents.job(2)),
                        GoldenEvents.later(GoldenEvents.job(3))));

        assertThat(told.successes).containsExactly(GoldenEvents.job(3));
    }

    @Test
    void eventThatCannotBeHandledNowIsHandledBeforeThoseBehindIt() {
        var reluctant = new PublishedRecords() {
            private int refusals = 2;

            @Override
            public void succeeded(Job job) {
                if (job.id().value().equals(GoldenEvents.job(2)) && refusals-- > 0) {
                    throw new RetryLater("not now");
                }
                super.succeeded(job);
            }
        };

        follow(
                reluctant,
                List.of(
                        GoldenEvents.event("generation-succeeded", GoldenEvents.job(1)),
                        GoldenEvents.event("generation-succeeded", GoldenEvents.job(2)),
                        GoldenEvents.event("generation-succeeded", GoldenEvents.job(3))));

        assertThat(reluctant.successes).containsExactly(GoldenEvents.job(1), GoldenEvents.job(2), GoldenEvents.job(3));
    }

    /** Hands the records over and returns when all were committed. */
    private void follow(JobListener listener, List<ProducerRecord<String, byte[]>> records) {
        try (var ledger = HandledVersions.open(folder.resolve("ledger"), Instant.now())) {
            var partition = new OnePartition(records);
            var follower = new EventFollower(partition, ledger, listener, Duration.ofMillis(1));

            assertThatExceptionOfType(Enough.class).isThrownBy(follower::run);
            assertThat(partition.closed()).isTrue();
            assertThat(partition.commits).isSorted().endsWith((long) records.size());
        }
    }

    /** All is committed. */
    private static final class Enough extends KafkaException {
        private static final long serialVersionUID = 1L;
    }

    /** A partition that can be read again from any offset; who has committed all of it has had enough. */
    private static final class OnePartition extends MockConsumer<String, byte[]> {

        private final List<ProducerRecord<String, byte[]>> records;
        private final List<Long> commits = new ArrayList<>();

        OnePartition(List<ProducerRecord<String, byte[]>> records) {
            super("earliest");
            this.records = records;
            updateBeginningOffsets(Map.of(PARTITION, 0L));
            schedulePollTask(() -> {
                rebalance(Set.of(PARTITION));
                fill(0);
            });
        }

        @Override
        public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
            super.commitSync(offsets);
            offsets.values().forEach(each -> commits.add(each.offset()));
            if (commits.contains((long) records.size())) {
                setPollException(new Enough());
            }
        }

        @Override
        public synchronized void seek(TopicPartition partition, long offset) {
            super.seek(partition, offset);
            fill((int) offset);
        }

        private void fill(int from) {
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
