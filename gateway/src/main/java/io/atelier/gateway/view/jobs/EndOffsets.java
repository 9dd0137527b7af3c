package io.atelier.gateway.view.jobs;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Where the partitions of a topic end at the moment of asking. Thread-safe. */
final class EndOffsets implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Admin admin;
    private final Map<TopicPartition, OffsetSpec> latest;

    private EndOffsets(Admin admin, Map<TopicPartition, OffsetSpec> latest) {
        this.admin = admin;
        this.latest = latest;
    }

    /**
     * Learns which partitions the topic has.
     *
     * @throws IllegalStateException if the brokers do not say in time
     */
    static EndOffsets of(String topic, Map<String, Object> brokers) {
        var admin = Admin.create(brokers);
        try {
            var described = admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            var partitions = Objects.requireNonNull(described.get(topic)).partitions();
            return new EndOffsets(
                    admin,
                    partitions.stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .collect(Collectors.toMap(Function.identity(), place -> OffsetSpec.latest())));
        } catch (ExecutionException | TimeoutException e) {
            admin.close(Duration.ZERO);
            throw new IllegalStateException("The brokers did not say which partitions " + topic + " has", e);
        } catch (InterruptedException e) {
            admin.close(Duration.ZERO);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while asking for the partitions of " + topic, e);
        }
    }

    /** Like {@link #now}, but waits for it; at the start, when nobody else waits. */
    Map<Integer, Long> awaited() {
        try {
            return now().toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("The brokers did not say where the topic of jobs ends", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while asking where the topic of jobs ends", e);
        }
    }

    /** The offset after the last record, for each partition. */
    CompletionStage<Map<Integer, Long>> now() {
        return admin.listOffsets(latest)
                .all()
                .toCompletionStage()
                .thenApply(ends -> ends.entrySet().stream()
                        .collect(Collectors.toMap(
                                end -> end.getKey().partition(),
                                end -> end.getValue().offset())));
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
