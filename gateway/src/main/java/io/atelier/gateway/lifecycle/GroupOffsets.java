package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.DeviceName;
import io.atelier.messaging.BrokerAnswer;
import io.atelier.messaging.Topic;
import io.atelier.messaging.TopicOffsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Reads how far the lifecycle and the share groups of the workers are. Blocks. */
final class GroupOffsets {

    /** The lifecycle commits each 100 ms. */
    private static final long COMMIT_CHECK_MILLIS = 50;

    private final Admin admin;
    private final String lifecycleGroup;
    private final Duration timeout;

    GroupOffsets(Admin admin, String lifecycleGroup, Duration timeout) {
        this.admin = admin;
        this.lifecycleGroup = lifecycleGroup;
        this.timeout = timeout;
    }

    /**
     * The offsets that the lifecycle has committed.
     *
     * @throws IllegalStateException if the brokers do not answer in time
     */
    Map<TopicPartition, Long> committed() throws InterruptedException {
        var committed = new HashMap<TopicPartition, Long>();
        await(admin.listConsumerGroupOffsets(lifecycleGroup).partitionsToOffsetAndMetadata(), Map.of())
                .forEach((partition, offset) -> {
                    if (offset != null) {
                        committed.put(partition, offset.offset());
                    }
                });
        return committed;
    }

    /**
     * Waits until the lifecycle has committed all records that some partitions of a topic contain now. Returns those of which it has, without the ones
     * of which it has not within the timeout.
     *
     * @throws IllegalStateException if the brokers do not answer in time
     */
    Set<Integer> awaitCommitted(String topic, Set<Integer> partitions) throws InterruptedException {
        var offsets = new TopicOffsets(admin);
        var awaited = partitions.stream()
                .map(partition -> new TopicPartition(topic, partition))
                .toList();
        var ends = new HashMap<>(BrokerAnswer.await(offsets.end(awaited), timeout, "the end offsets of " + topic));
        // In a partition that is empty, nothing may ever have been committed.
        BrokerAnswer.await(offsets.first(awaited), timeout, "the first offsets of " + topic)
                .forEach(ends::remove);
        long start = System.nanoTime();
        while (true) {
            var committed = committed();
            var done = awaited.stream()
                    .filter(partition -> committed.getOrDefault(partition, 0L) >= ends.getOrDefault(partition, 0L))
                    .map(TopicPartition::partition)
                    .collect(Collectors.toSet());
            if (done.size() == partitions.size() || System.nanoTime() - start > timeout.toNanos()) {
                return done;
            }
            TimeUnit.MILLISECONDS.sleep(COMMIT_CHECK_MILLIS);
        }
    }

    /**
     * What the share groups may still deliver, for each task topic whose group exists. Without a group, workers will get all records.
     *
     * @throws IllegalStateException if the brokers do not answer in time
     */
    Map<TopicPartition, Deliveries> deliveries(List<String> pools) throws InterruptedException {
        var deliveries = new HashMap<TopicPartition, Deliveries>();
        for (var pool : pools) {
            add(deliveries, Topic.generators(pool), Topic.generationRequested(pool));
            for (var kind : DeviceName.KINDS) {
                var device = new DeviceName(kind);
                add(deliveries, Topic.generators(pool, device), Topic.generationRequested(pool, device));
            }
            add(deliveries, Topic.forwardedGenerators(pool), Topic.generationForwarded(pool));
        }
        add(deliveries, Topic.SPLITTERS, Topic.SPLIT_REQUESTED);
        add(deliveries, Topic.PROMPTERS, Topic.PROMPT_REQUESTED);
        add(deliveries, Topic.PUBLISHERS, Topic.PUBLISH_REQUESTED);
        return deliveries;
    }

    private void add(Map<TopicPartition, Deliveries> deliveries, String group, String topic)
            throws InterruptedException {
        var specification = new ListShareGroupOffsetsSpec().topicPartitions(List.of(new TopicPartition(topic, 0)));
        var offsets = await(
                admin.listShareGroupOffsets(Map.of(group, specification)).partitionsToOffsetInfo(group), Map.of());
        for (var entry : offsets.entrySet()) {
            var info = entry.getValue();
            if (info == null || info.startOffset() < 0) {
                continue;
            }
            var partition = entry.getKey();
            var end = await(
                    admin.listOffsets(Map.of(partition, OffsetSpec.latest())).all(), Map.of());
            boolean idle = info.lag().filter(lag -> lag <= 0).isPresent();
            deliveries.put(
                    partition,
                    new Deliveries(
                            info.startOffset(),
                            Objects.requireNonNull(end.get(partition)).offset(),
                            idle));
        }
    }

    private <T> T await(KafkaFuture<T> answer, T ifGroupIsMissing) throws InterruptedException {
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return ifGroupIsMissing;
            }
            throw new IllegalStateException("Kafka refused to report offsets: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("Kafka did not report offsets within " + timeout.toSeconds() + " s", e);
        }
    }
}
