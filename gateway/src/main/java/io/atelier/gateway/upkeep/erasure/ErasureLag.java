package io.atelier.gateway.upkeep.erasure;

import io.atelier.messaging.KafkaClientFactory;
import io.atelier.messaging.Topic;
import io.atelier.messaging.TopicOffsets;
import io.atelier.messaging.thread.DaemonThreads;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The metric {@code atelier.erasure.lag}: the number of events that the erasers have not committed, NaN until it is known. It is read in the
 * background, so that no scrape waits for a broker that is away. The metric of the binder is off: it creates its clients under two locks that are taken in
 * another order when the context stops, and a gateway that was stopped in its first seconds could wait for ever.
 */
public final class ErasureLag implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ErasureLag.class);
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final int API_TIMEOUT_MILLIS = 10_000;

    private final KafkaClientFactory clients;
    private final String group;
    private volatile double lag = Double.NaN;
    private @Nullable Reader reader;

    /** @param group the consumer group of the erasers */
    public ErasureLag(KafkaClientFactory clients, String group, MeterRegistry meters) {
        this.clients = clients;
        this.group = group;
        Gauge.builder("atelier.erasure.lag", this, metric -> metric.lag)
                .description("Events that the erasers have not committed")
                .strongReference(true)
                .register(meters);
    }

    @Override
    public synchronized void start() {
        if (reader == null) {
            reader = new Reader();
        }
    }

    @Override
    public synchronized void stop() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return reader != null;
    }

    private final class Reader {

        private final Admin admin = clients.admin(Map.of(
                AdminClientConfig.CLIENT_ID_CONFIG,
                "gateway-erasure-lag",
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                API_TIMEOUT_MILLIS,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                API_TIMEOUT_MILLIS,
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                1_000));

        private final TopicOffsets offsets = new TopicOffsets(admin);
        private final ScheduledExecutorService timer =
                Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("erasure-lag"));

        Reader() {
            var unused =
                    timer.scheduleWithFixedDelay(this::read, FIRST.toSeconds(), INTERVAL.toSeconds(), TimeUnit.SECONDS);
        }

        private void read() {
            var unused = offsets.partitions(List.of(Topic.EVENTS))
                    .thenCompose(this::lag)
                    .whenComplete((found, failure) -> {
                        if (failure == null) {
                            lag = found;
                        } else {
                            LOG.debug("The lag of the erasers is not known: {}", failure.toString());
                        }
                    });
        }

        private CompletionStage<Long> lag(List<TopicPartition> partitions) {
            var committed = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .toCompletionStage();
            return offsets.end(partitions)
                    .thenCombine(offsets.first(partitions), Bounds::new)
                    .thenCombine(committed, Bounds::after);
        }

        void close() {
            timer.shutdownNow();
            admin.close(Duration.ZERO);
        }
    }

    private record Bounds(Map<TopicPartition, Long> end, Map<TopicPartition, Long> first) {

        /** The number of records after the committed ones; of a partition without a commit all. */
        long after(Map<TopicPartition, @Nullable OffsetAndMetadata> committed) {
            return end.entrySet().stream()
                    .mapToLong(bound -> {
                        var known = committed.get(bound.getKey());
                        long next = known == null ? first.getOrDefault(bound.getKey(), 0L) : known.offset();
                        return Math.max(0, bound.getValue() - next);
                    })
                    .sum();
        }
    }
}
