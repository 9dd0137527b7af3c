package io.atelier.worker.cancellation;

import io.atelier.contract.job.JobEvent.CancelRequested;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.Topic;
import io.atelier.messaging.UnreadableRecord;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.stream.binder.kafka.KafkaBindingRebalanceListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;

/**
 * Receives the cancellation requests of all jobs, from the beginning of the topic: a task may have waited for days. Every worker receives all of
 * them, so the binding has no group of its own and commits nothing.
 *
 * <p>Starts after the bindings and before the task consumers; its start blocks until the topic was read to the end that it had when the
 * binding started, at most {@link #CATCH_UP_TIMEOUT}, so that no canceled job is leased. Thread-safe.
 */
public final class CancellationListener implements KafkaBindingRebalanceListener, SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(CancellationListener.class);

    /** As long as tasks are kept. An older request concerns no task any more; its id may belong to another job by now. */
    private static final Duration RELEVANT = Duration.ofDays(7);

    static final Duration CATCH_UP_TIMEOUT = Duration.ofSeconds(30);

    private final CanceledJobs jobs;
    private final InstantSource clock;

    /** For each partition that is not read to its end yet: the end offset at the start. */
    private final Map<Integer, Long> unread = new ConcurrentHashMap<>();

    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private volatile boolean running;

    public CancellationListener(CanceledJobs jobs, InstantSource clock) {
        this.jobs = jobs;
        this.clock = clock;
    }

    @Override
    public void onPartitionsAssigned(
            String binding, Consumer<?, ?> consumer, Collection<TopicPartition> partitions, boolean initial) {
        var own = partitions.stream()
                .filter(partition -> partition.topic().equals(Topic.CANCELLATIONS))
                .toList();
        if (own.isEmpty() || caughtUp.getCount() == 0) {
            return;
        }
        consumer.endOffsets(own).forEach((partition, end) -> {
            if (consumer.position(partition) < end) {
                unread.put(partition.partition(), end);
            }
        });
        catchUp();
    }

    /** Handles one record of the topic; one that cannot be read is skipped with a log line. */
    public void receive(Message<byte[]> message) {
        read(message);
        if (caughtUp.getCount() > 0) {
            var headers = message.getHeaders();
            int partition = Objects.requireNonNull(headers.get(KafkaHeaders.RECEIVED_PARTITION, Integer.class));
            long next = Objects.requireNonNull(headers.get(KafkaHeaders.OFFSET, Long.class)) + 1;
            unread.computeIfPresent(partition, (same, end) -> next >= end ? null : end);
            catchUp();
        }
    }

    private void read(Message<byte[]> message) {
        var headers = new RecordHeaders();
        if (message.getHeaders().get("ce_type") instanceof byte[] type) {
            headers.add("ce_type", type);
        }
        try {
            EventCodec.event(headers, message.getPayload())
                    .filter(CancelRequested.class::isInstance)
                    .map(CancelRequested.class::cast)
                    .filter(request -> request.at().isAfter(clock.instant().minus(RELEVANT)))
                    .ifPresent(request -> jobs.add(request.job(), CancellationRequest.receivedNow(request.grace())));
        } catch (UnreadableRecord e) {
            LOG.warn("Skipped a record on {} that is no cancellation request: {}", Topic.CANCELLATIONS, e.getMessage());
        }
    }

    private void catchUp() {
        if (unread.isEmpty()) {
            caughtUp.countDown();
        }
    }

    @Override
    public void start() {
        running = true;
        try {
            if (!caughtUp.await(CATCH_UP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn(
                        "{} was not read to its end within {}; canceled jobs may be worked on until it is",
                        Topic.CANCELLATIONS,
                        CATCH_UP_TIMEOUT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** After the input bindings ({@code Integer.MAX_VALUE - 1000}), before the task consumers. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 200;
    }
}
