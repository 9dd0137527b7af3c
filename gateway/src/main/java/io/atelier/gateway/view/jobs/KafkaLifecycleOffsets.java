package io.atelier.gateway.view.jobs;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Compares where the orders end with what the lifecycle has committed. It commits what it has heard only after the brokers have what it said
 * of that. Thread-safe; a waiter costs a timer, not a thread.
 */
public final class KafkaLifecycleOffsets implements LifecycleOffsets, AutoCloseable {

    /** The lifecycle commits each 100 ms. */
    private static final Duration PAUSE = Duration.ofMillis(50);

    private static final Duration PARTITIONS_STAND = Duration.ofMinutes(1);
    private static final int API_TIMEOUT_MILLIS = 10_000;

    private final Admin admin;
    private final String group;
    private final Mono<List<TopicPartition>> places;

    /**
     * An intake that asks nobody yet.
     *
     * @param group the consumer group of the lifecycle
     * @param orders the topics of the orders that make jobs
     */
    public KafkaLifecycleOffsets(String bootstrapServers, String group, Collection<String> orders) {
        this.admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                AdminClientConfig.CLIENT_ID_CONFIG,
                "gateway-intake",
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                API_TIMEOUT_MILLIS,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                API_TIMEOUT_MILLIS,
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                1_000));
        this.group = group;
        this.places = Mono.defer(() -> partitions(List.copyOf(orders)))
                .cache(known -> PARTITIONS_STAND, failure -> Duration.ZERO, () -> Duration.ZERO);
    }

    @Override
    public Mono<Void> entered(Duration within) {
        return places.flatMap(this::ends)
                .flatMap(this::reached)
                .timeout(within)
                .onErrorMap(JobsNotReady::new)
                // The admin client has one thread for all its answers.
                .publishOn(Schedulers.parallel());
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }

    private Mono<List<TopicPartition>> partitions(Collection<String> topics) {
        return Mono.fromCompletionStage(
                        () -> admin.describeTopics(topics).allTopicNames().toCompletionStage())
                .map(described -> described.values().stream()
                        .flatMap(topic -> topic.partitions().stream()
                                .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                        .toList());
    }

    /** Where each partition ends now. Those that hold nothing are left out: there, nothing may ever have been committed. */
    private Mono<Map<TopicPartition, Long>> ends(Collection<TopicPartition> partitions) {
        return Mono.zip(
                offsets(partitions, OffsetSpec.latest()),
                offsets(partitions, OffsetSpec.earliest()),
                (latest, earliest) -> latest.entrySet().stream()
                        .filter(end -> end.getValue() > earliest.getOrDefault(end.getKey(), 0L))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    private Mono<Map<TopicPartition, Long>> offsets(Collection<TopicPartition> partitions, OffsetSpec which) {
        var asked = partitions.stream().collect(Collectors.toMap(Function.identity(), place -> which));
        return Mono.fromCompletionStage(() -> admin.listOffsets(asked).all().toCompletionStage())
                .map(answer -> answer.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, place -> place.getValue().offset())));
    }

    private Mono<Void> reached(Map<TopicPartition, Long> ends) {
        return committed()
                .filter(committed ->
                        ends.entrySet().stream().allMatch(end -> offset(committed.get(end.getKey())) >= end.getValue()))
                .repeatWhenEmpty(Integer.MAX_VALUE, tries -> tries.delayElements(PAUSE))
                .then();
    }

    private Mono<Map<TopicPartition, OffsetAndMetadata>> committed() {
        return Mono.fromCompletionStage(() -> admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .toCompletionStage());
    }

    private static long offset(@Nullable OffsetAndMetadata committed) {
        return committed == null ? 0 : committed.offset();
    }
}
