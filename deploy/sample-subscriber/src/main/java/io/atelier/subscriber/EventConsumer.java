package io.atelier.subscriber;

import io.atelier.contract.job.GenerationEvent;
import java.lang.System.Logger;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import tools.jackson.core.JacksonException;

/** Consumes the events: skips unknown types and processed versions, passes the others to the listener, and commits afterwards. */
final class EventConsumer {

    static final String EVENTS = "atelier.events";

    private static final Logger log = System.getLogger(EventConsumer.class.getName());
    private static final String SUCCEEDED = "io.atelier.generation.succeeded.v1";
    private static final String ERASED = "io.atelier.generation.erased.v1";
    private static final Set<String> HANDLED_TYPES = Set.of(SUCCEEDED, ERASED);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(500);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    private final Consumer<String, byte[]> consumer;
    private final ProcessedVersionLog processed;
    private final JobListener listener;
    private final Duration retryInterval;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    /** @param retryInterval the time before a failed event is retried; must be far less than {@code max.poll.interval.ms} */
    EventConsumer(
            Consumer<String, byte[]> consumer,
            ProcessedVersionLog processed,
            JobListener listener,
            Duration retryInterval) {
        this.consumer = consumer;
        this.processed = processed;
        this.listener = listener;
        this.retryInterval = retryInterval;
    }

    /** Runs until {@link #stop}, or until the listener or Kafka fails permanently. Closes the consumer. */
    void run() throws InterruptedException {
        try (consumer) {
            consumer.subscribe(List.of(EVENTS));
            while (stopping.getCount() > 0) {
                handle(consumer.poll(POLL_TIMEOUT));
            }
        } finally {
            stopped.countDown();
        }
    }

    /** Waits up to 30 s until the current event is handled and committed and the consumer has left its group. */
    void stop() throws InterruptedException {
        stopping.countDown();
        if (!stopped.await(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
            log.log(
                    Logger.Level.WARNING,
                    "Stopped while an event was being handled; it will be delivered again after the next start");
        }
    }

    private void handle(ConsumerRecords<String, byte[]> received) throws InterruptedException {
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        boolean allHandled = true;
        for (var partition : received.partitions()) {
            allHandled &= handle(partition, received.records(partition), offsets);
        }
        commit(offsets);
        if (!allHandled) {
            stopping.await(retryInterval.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        if (offsets.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(offsets);
        } catch (CommitFailedException | RebalanceInProgressException e) {
            log.log(
                    Logger.Level.INFO,
                    "The group is rebalancing; handled events may be delivered again: {0}",
                    e.getMessage());
        }
    }

    /** Handles records in order. Returns false if one must be retried; the consumer is then set back to it. */
    private boolean handle(
            TopicPartition partition,
            List<ConsumerRecord<String, byte[]>> received,
            Map<TopicPartition, OffsetAndMetadata> offsets) {
        for (var each : received) {
            if (stopping.getCount() == 0) {
                return false;
            }
            try {
                handle(each);
            } catch (RetryableFailure e) {
                log.log(Logger.Level.INFO, "Retrying {0} in {1}: {2}", each.key(), retryInterval, e.getMessage());
                consumer.seek(partition, each.offset());
                return false;
            }
            offsets.put(partition, new OffsetAndMetadata(each.offset() + 1));
        }
        return true;
    }

    private void handle(ConsumerRecord<String, byte[]> received) {
        if (HANDLED_TYPES.contains(CloudEventReader.type(received))) {
            read(received)
                    .filter(event -> !processed.contains(event.id(), event.version()))
                    .ifPresent(event -> {
                        notifyListener(event);
                        processed.add(event.id(), event.version(), Instant.ofEpochMilli(received.timestamp()));
                    });
        }
    }

    /** Empty for an unreadable record, which is logged and must not block the records after it. */
    private static Optional<GenerationEvent> read(ConsumerRecord<String, byte[]> received) {
        try {
            return Optional.of(CloudEventReader.read(received, contract(CloudEventReader.type(received))));
        } catch (JacksonException e) {
            log.log(
                    Logger.Level.ERROR,
                    "Skipped an unreadable event at {0}-{1}@{2}: {3}",
                    received.topic(),
                    received.partition(),
                    received.offset(),
                    e.getOriginalMessage());
            return Optional.empty();
        }
    }

    private static Class<? extends GenerationEvent> contract(String type) {
        return type.equals(SUCCEEDED) ? GenerationEvent.Succeeded.class : GenerationEvent.Erased.class;
    }

    private void notifyListener(GenerationEvent event) {
        if (event instanceof GenerationEvent.Succeeded success) {
            listener.succeeded(success.job());
        } else {
            listener.erased(event.id());
        }
    }
}
