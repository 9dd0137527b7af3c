package io.atelier.worker.cancellation;

import io.atelier.contract.job.JobEvent.CancelRequested;
import io.atelier.messaging.BrokerAnswer;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.KafkaClientFactory;
import io.atelier.messaging.Topic;
import io.atelier.messaging.TopicOffsets;
import io.atelier.messaging.UnreadableRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;

/**
 * Receives the cancellation requests of all jobs, from the beginning of their topic: a task may have waited for days. The same consumer receives the further
 * requests to all workers from theirs. Every worker receives all of both, so the binding has no group of its own and commits nothing.
 *
 * <p>Starts after the bindings and before the task consumers. The start blocks until every cancellation that was in its topic when it began has been
 * received, at most {@link #CATCH_UP_TIMEOUT}, so that no canceled job is leased. Thread-safe.
 */
public final class CancellationListener implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(CancellationListener.class);

    /** As long as tasks are kept. An older request concerns no task any more; its id may belong to another job by now. */
    private static final Duration RELEVANT = Duration.ofDays(7);

    /**
     * An older request to all workers is of no use any more, such as one to free memory of which another job needs the model by now. The age is the time by
     * the clock of this worker minus that at which the gateway sent it by its own, so it allows for clocks that differ by minutes.
     */
    static final Duration COMMAND_TTL = Duration.ofMinutes(10);

    static final Duration CATCH_UP_TIMEOUT = Duration.ofSeconds(30);

    private final KafkaClientFactory clients;
    private final CanceledJobs jobs;
    private final WorkerCommands commands;
    private final InstantSource clock;

    /** The offset after the last record of the cancellations that was received, for each partition. Guarded by this. */
    private final Map<Integer, Long> received = new HashMap<>();

    private volatile boolean running;

    /**
     * Creates a listener that is to be bound to both topics.
     *
     * @param jobs gets the cancellations
     * @param commands gets the other requests to all workers
     */
    public CancellationListener(
            KafkaClientFactory clients, CanceledJobs jobs, WorkerCommands commands, InstantSource clock) {
        this.clients = clients;
        this.jobs = jobs;
        this.commands = commands;
        this.clock = clock;
    }

    /** Handles one record of either topic; one that cannot be read is skipped with a log line. */
    public void receive(Message<byte[]> message) {
        var headers = message.getHeaders();
        var topic = Objects.requireNonNull(headers.get(KafkaHeaders.RECEIVED_TOPIC, String.class));
        read(topic, message);
        if (!topic.equals(Topic.CANCELLATIONS)) {
            return;
        }
        int partition = Objects.requireNonNull(headers.get(KafkaHeaders.RECEIVED_PARTITION, Integer.class));
        long offset = Objects.requireNonNull(headers.get(KafkaHeaders.OFFSET, Long.class));
        synchronized (this) {
            received.merge(partition, offset + 1, Math::max);
            notifyAll();
        }
    }

    private void read(String topic, Message<byte[]> message) {
        var headers = new RecordHeaders();
        if (message.getHeaders().get("ce_type") instanceof byte[] type) {
            headers.add("ce_type", type);
        }
        try {
            EventCodec.event(headers, message.getPayload())
                    .filter(CancelRequested.class::isInstance)
                    .map(CancelRequested.class::cast)
                    .filter(request -> isYounger(request.at(), RELEVANT))
                    .ifPresent(request -> jobs.add(request.job(), Cancellation.Request.receivedNow(request.grace())));
            // Of the cancellations, too: a gateway that is still to be upgraded writes them there. From the next
            // release on none does.
            EventCodec.command(headers, message.getPayload())
                    .filter(command -> isYounger(command.at(), COMMAND_TTL))
                    .ifPresent(commands::receive);
        } catch (UnreadableRecord e) {
            LOG.warn("Skipped a record on {} that cannot be read: {}", topic, e.getMessage());
        }
    }

    private boolean isYounger(Instant at, Duration age) {
        return at.isAfter(clock.instant().minus(age));
    }

    @Override
    public void start() {
        running = true;
        long deadline = System.nanoTime() + CATCH_UP_TIMEOUT.toNanos();
        try {
            if (!awaitReceived(endOffsets(deadline), deadline)) {
                logLate("some of its records are still to come");
            }
        } catch (IllegalStateException e) {
            logLate(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The end offset of each partition that holds records. */
    private Map<Integer, Long> endOffsets(long deadline) {
        var admin = clients.admin(Map.of());
        try {
            var offsets = new TopicOffsets(admin);
            var partitions = BrokerAnswer.await(
                    offsets.partitions(List.of(Topic.CANCELLATIONS)),
                    left(deadline),
                    "the partitions of " + Topic.CANCELLATIONS);
            var first =
                    BrokerAnswer.await(offsets.first(partitions), left(deadline), "the first offsets of " + partitions);
            var ends = new HashMap<Integer, Long>();
            var all = BrokerAnswer.await(offsets.end(partitions), left(deadline), "the end offsets of " + partitions);
            for (Map.Entry<TopicPartition, Long> end : all.entrySet()) {
                if (end.getValue() > first.getOrDefault(end.getKey(), 0L)) {
                    ends.put(end.getKey().partition(), end.getValue());
                }
            }
            return ends;
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    private synchronized boolean awaitReceived(Map<Integer, Long> ends, long deadline) throws InterruptedException {
        while (!ends.entrySet().stream().allMatch(end -> received.getOrDefault(end.getKey(), 0L) >= end.getValue())) {
            var left = left(deadline);
            if (left.isZero()) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left.toNanos());
        }
        return true;
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    private static void logLate(String reason) {
        LOG.warn(
                "{} was not read to its end within {}; tasks of canceled jobs may run until it is: {}",
                Topic.CANCELLATIONS,
                CATCH_UP_TIMEOUT,
                reason);
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
