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

/** Follows the events: passes over what it does not know or has handled, hands the rest to the listener, and only then commits. */
final class EventFollower {

    static final String EVENTS = "atelier.events";

    private static final Logger log = System.getLogger(EventFollower.class.getName());
    private static final String SUCCEEDED = "io.atelier.generation.succeeded.v1";
    private static final String ERASED = "io.atelier.generation.erased.v1";
    private static final Set<String> WANTED = Set.of(SUCCEEDED, ERASED);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration LONGEST_GOODBYE = Duration.ofSeconds(30);

    private final Consumer<String, byte[]> consumer;
    private final HandledVersions ledger;
    private final JobListener listener;
    private final Duration pause;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    /** @param pause how long to wait before an event is tried again; far less than {@code max.poll.interval.ms} */
    EventFollower(Consumer<String, byte[]> consumer, HandledVersions ledger, JobListener listener, Duration pause) {
        this.consumer = consumer;
        this.ledger = ledger;
        this.listener = listener;
        this.pause = pause;
    }

    /** Runs until {@link #stop}, or until the listener or Kafka fails for good; closes the consumer. */
    void run() throws InterruptedException {
        try (consumer) {
            consumer.subscribe(List.of(EVENTS));
            while (stopping.getCount() > 0) {
                handle(consumer.poll(POLL));
            }
        } finally {
            stopped.countDown();
        }
    }

    /** Lets the event in hand be finished and returns when everything is committed and the group was left. */
    void stop() throws InterruptedException {
        stopping.countDown();
        if (!stopped.await(LONGEST_GOODBYE.toMillis(), TimeUnit.MILLISECONDS)) {
            log.log(
                    Logger.Level.WARNING,
                    "An event is still being handled; it will be handled again after the next start");
        }
    }

    private void handle(ConsumerRecords<String, byte[]> received) throws InterruptedException {
        var done = new HashMap<TopicPartition, OffsetAndMetadata>();
        boolean complete = true;
        for (var partition : received.partitions()) {
            complete &= handle(partition, received.records(partition), done);
        }
        commit(done);
        if (!complete) {
            stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void commit(Map<TopicPartition, OffsetAndMetadata> done) {
        if (done.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(done);
        } catch (CommitFailedException | RebalanceInProgressException e) {
            log.log(
                    Logger.Level.INFO,
                    "The group is being divided anew; what was handled may come again: {0}",
                    e.getMessage());
        }
    }

    /** Whether all records were handled; if not, the partition is set back to the first that was not. */
    private boolean handle(
            TopicPartition partition,
            List<ConsumerRecord<String, byte[]>> received,
            Map<TopicPartition, OffsetAndMetadata> done) {
        for (var each : received) {
            if (stopping.getCount() == 0) {
                return false;
            }
            try {
                handle(each);
            } catch (RetryLater e) {
                log.log(Logger.Level.INFO, "Trying {0} again in {1}: {2}", each.key(), pause, e.getMessage());
                consumer.seek(partition, each.offset());
                return false;
            }
            done.put(partition, new OffsetAndMetadata(each.offset() + 1));
        }
        return true;
    }

    private void handle(ConsumerRecord<String, byte[]> received) {
        if (WANTED.contains(PublicRecord.type(received))) {
            read(received)
                    .filter(said -> !ledger.knows(said.id(), said.version()))
                    .ifPresent(said -> {
                        tell(said);
                        ledger.add(said.id(), said.version(), Instant.ofEpochMilli(received.timestamp()));
                    });
        }
    }

    /** A record that nobody can read must not stop those behind it, and must not go unnoticed. */
    private static Optional<GenerationEvent> read(ConsumerRecord<String, byte[]> received) {
        try {
            return Optional.of(PublicRecord.read(received, contract(PublicRecord.type(received))));
        } catch (JacksonException e) {
            log.log(
                    Logger.Level.ERROR,
                    "Passed over an unreadable event at {0}-{1}@{2}: {3}",
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

    private void tell(GenerationEvent said) {
        if (said instanceof GenerationEvent.Succeeded success) {
            listener.succeeded(success.job());
        } else {
            listener.erased(said.id());
        }
    }
}
