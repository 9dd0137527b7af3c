package io.atelier.gateway.view.jobs;

import io.atelier.messaging.KafkaClientFactory;
import io.atelier.messaging.TopicOffsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Compares the end offsets of the topics of requests with the offsets that the lifecycle has committed. The lifecycle commits a request only
 * after the brokers have stored everything that it published for it; or, if it works in several partitions, the copy that it made for the
 * partition of the job. So the end offsets of the copies are compared, too. Thread-safe; a waiter costs a timer, not a thread.
 */
public final class KafkaLifecycleOffsets implements LifecycleOffsets, AutoCloseable {

    /** The lifecycle commits each 100 ms. */
    private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

    private static final Duration PARTITIONS_TTL = Duration.ofMinutes(1);
    private static final int API_TIMEOUT_MILLIS = 10_000;

    private final Admin admin;
    private final TopicOffsets offsets;
    private final String group;
    private final Mono<List<TopicPartition>> requests;
    private final Mono<List<TopicPartition>> copies;

    /**
     * Sends nothing to the brokers until it is used.
     *
     * @param group the consumer group of the lifecycle
     * @param requestTopics the topics of the requests that create jobs
     * @param copyTopics the topics to which the lifecycle copies the requests before it processes them; empty if it does not
     */
    public KafkaLifecycleOffsets(
            KafkaClientFactory clients, String group, Collection<String> requestTopics, Collection<String> copyTopics) {
        this.admin = clients.admin(Map.of(
                AdminClientConfig.CLIENT_ID_CONFIG,
                "gateway-intake",
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                API_TIMEOUT_MILLIS,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                API_TIMEOUT_MILLIS,
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                1_000));
        this.offsets = new TopicOffsets(admin);
        this.group = group;
        this.requests = partitions(List.copyOf(requestTopics));
        this.copies = copyTopics.isEmpty() ? Mono.empty() : partitions(List.copyOf(copyTopics));
    }

    private Mono<List<TopicPartition>> partitions(List<String> topics) {
        return Mono.fromCompletionStage(() -> offsets.partitions(topics))
                .cache(known -> PARTITIONS_TTL, failure -> Duration.ZERO, () -> Duration.ZERO);
    }

    @Override
    public Mono<Void> lifecycleCaughtUp(Duration timeout) {
        // A request that is committed has been copied, so the copies are looked at after it.
        return requests.flatMap(this::ends)
                .flatMap(this::awaitCommitted)
                .then(copies.flatMap(this::ends).flatMap(this::awaitCommitted))
                .timeout(timeout)
                .onErrorMap(JobsNotReady::new)
                // The admin client has one thread for all its answers.
                .publishOn(Schedulers.parallel());
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }

    /** The end offset of each partition that is not empty: in an empty one, nothing may ever have been committed. */
    private Mono<Map<TopicPartition, Long>> ends(Collection<TopicPartition> all) {
        return Mono.zip(
                Mono.fromCompletionStage(() -> offsets.end(all)),
                Mono.fromCompletionStage(() -> offsets.first(all)),
                (ends, first) -> ends.entrySet().stream()
                        .filter(end -> end.getValue() > first.getOrDefault(end.getKey(), 0L))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    private Mono<Void> awaitCommitted(Map<TopicPartition, Long> ends) {
        return committed()
                .filter(committed ->
                        ends.entrySet().stream().allMatch(end -> offset(committed.get(end.getKey())) >= end.getValue()))
                .repeatWhenEmpty(Integer.MAX_VALUE, tries -> tries.delayElements(POLL_INTERVAL))
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
