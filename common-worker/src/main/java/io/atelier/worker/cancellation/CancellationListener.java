package io.atelier.worker.cancellation;

import io.atelier.contract.job.JobEvent.CancelRequested;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.Topic;
import io.atelier.messaging.UnreadableRecord;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Hears of every job that is canceled, from the beginning of the topic: an order may have waited for days. Belongs to no group, since every
 * worker must hear all. Starts before the lease loops and stops after them; starting blocks until what lies in the topic is read, or until
 * {@link #PATIENCE} is at its end.
 */
public final class CancellationListener implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(CancellationListener.class);

    /** As long as orders are kept. What is older is of no order any more; its id may be another job's by now. */
    private static final Duration RELEVANT = Duration.ofDays(7);

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Supplier<Consumer<String, byte[]>> consumers;
    private final CanceledJobs jobs;
    private final InstantSource clock;

    private volatile @Nullable Following following;

    /** @param component who listens, for the names of the clients */
    public CancellationListener(String bootstrapServers, String component, CanceledJobs jobs, InstantSource clock) {
        this.consumers = () -> consumer(bootstrapServers, component);
        this.jobs = jobs;
        this.clock = clock;
    }

    @Override
    public synchronized void start() {
        if (following != null) {
            return;
        }
        var begun = new Following();
        following = begun;
        begun.thread.start();
        try {
            if (!begun.caughtUp.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn(
                        "{} could not be read to its end within {}; jobs that were canceled may be worked on until it is",
                        Topic.CANCELLATIONS,
                        PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void stop() {
        var ending = following;
        if (ending != null) {
            ending.stopping.countDown();
            following = null;
        }
    }

    @Override
    public boolean isRunning() {
        return following != null;
    }

    /** Before the lease loops. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 200;
    }

    /** From one start to the next stop. */
    private final class Following {

        private final CountDownLatch caughtUp = new CountDownLatch(1);
        private final CountDownLatch stopping = new CountDownLatch(1);
        private final Thread thread = new Thread(this::follow, "cancellations");

        Following() {
            thread.setDaemon(true);
        }

        private void follow() {
            while (stopping.getCount() > 0) {
                try (var consumer = consumers.get()) {
                    read(consumer);
                } catch (KafkaException e) {
                    LOG.warn("{} is read again from its beginning: {}", Topic.CANCELLATIONS, e.toString());
                    pause();
                }
            }
        }

        private void read(Consumer<String, byte[]> consumer) {
            var partitions = consumer.partitionsFor(Topic.CANCELLATIONS).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (stopping.getCount() > 0) {
                if (caughtUp.getCount() > 0
                        && partitions.stream()
                                .allMatch(each -> consumer.position(each) >= ends.getOrDefault(each, 0L))) {
                    caughtUp.countDown();
                }
                consumer.poll(POLL).forEach(CancellationListener.this::hear);
            }
        }

        private void pause() {
            try {
                stopping.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Consumer<String, byte[]> consumer(String bootstrapServers, String component) {
        Map<String, Object> configs = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.CLIENT_ID_CONFIG,
                component + "-cancellations",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                5_000,
                ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                1_000);
        return new KafkaConsumer<>(configs, new StringDeserializer(), new ByteArrayDeserializer());
    }

    private void hear(ConsumerRecord<String, byte[]> said) {
        try {
            EventCodec.event(said.headers(), said.value())
                    .filter(CancelRequested.class::isInstance)
                    .map(CancelRequested.class::cast)
                    .filter(request -> request.at().isAfter(clock.instant().minus(RELEVANT)))
                    .ifPresent(request -> jobs.add(request.job(), CancellationRequest.receivedNow(request.grace())));
        } catch (UnreadableRecord e) {
            LOG.warn("{} holds something that is no cancellation: {}", Topic.CANCELLATIONS, e.getMessage());
        }
    }
}
