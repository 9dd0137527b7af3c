package io.atelier.worker.lease;

import io.atelier.worker.lease.LeaseListener.TaskDispositionException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.kafka.core.ShareConsumerFactory;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.ShareKafkaMessageListenerContainer;

/**
 * Leases one task at a time, with a container, a consumer and a thread of its own, while a slot is free. The thread is watched, because a
 * container whose consumer ended still claims to be running. Thread-safe.
 */
final class SlotConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(SlotConsumer.class);

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(1);

    private final String name;
    private final TaskQueue<?> queue;
    private final LeaseListener<?> listener;
    private final ShareConsumerFactory<String, byte[]> consumers;
    private final ConsumerSlot slot;

    private @Nullable ShareKafkaMessageListenerContainer<String, byte[]> container;
    private volatile boolean closed;
    private volatile boolean leasing;

    /**
     * Creates a consumer that does not lease yet.
     *
     * @param name the name of its threads and the id of its consumer
     * @param slot claimed for each record; the same as that of the listener
     */
    SlotConsumer(
            String name,
            TaskQueue<?> queue,
            LeaseListener<?> listener,
            ShareConsumerFactory<String, byte[]> consumers,
            ConsumerSlot slot) {
        this.name = name;
        this.queue = queue;
        this.listener = listener;
        this.consumers = new SlotShareConsumers(consumers, slot);
        this.slot = slot;
    }

    /**
     * Begins to lease with a new consumer, unless it was closed.
     *
     * @param onConsumerEnd called if no consumer can be created, or when it ends although this was not closed; on the consumer's thread
     */
    synchronized void open(Runnable onConsumerEnd) {
        if (closed) {
            return;
        }
        try {
            var opened = createContainer(onConsumerEnd);
            container = opened;
            opened.start();
        } catch (RuntimeException e) {
            LOG.error("{} could not begin to lease from {}", name, queue.topic(), e);
            onConsumerEnd.run();
        }
    }

    /** Ends leasing. Returns when the consumer has acknowledged the record that it holds. */
    void close() {
        @Nullable ShareKafkaMessageListenerContainer<String, byte[]> last;
        synchronized (this) {
            closed = true;
            last = container;
        }
        if (last != null) {
            last.stop();
            leasing = false;
        }
    }

    /** Whether it holds the record of a task. */
    boolean holdsRecord() {
        return slot.holdsRecord();
    }

    /** Whether the thread of the consumer is alive. */
    boolean isLeasing() {
        return leasing;
    }

    private ShareKafkaMessageListenerContainer<String, byte[]> createContainer(Runnable onConsumerEnd) {
        var properties = new ContainerProperties(queue.topic());
        properties.setGroupId(queue.group());
        properties.setMessageListener(listener);
        AsyncTaskExecutor executor = consumer -> new Thread(() -> runConsumer(consumer, onConsumerEnd), name).start();
        properties.setListenerTaskExecutor(executor);
        var created = new ShareKafkaMessageListenerContainer<String, byte[]>(consumers, properties);
        created.setBeanName(name);
        created.setClientId(name);
        created.setShareConsumerRecordRecoverer(this::acknowledgeType);
        return created;
    }

    private void runConsumer(Runnable consumer, Runnable onConsumerEnd) {
        leasing = true;
        try {
            consumer.run();
        } finally {
            leasing = false;
            slot.close();
        }
        if (!closed) {
            LOG.warn("The consumer of {} ended; a new one will be started", name);
            onConsumerEnd.run();
        }
    }

    /**
     * Ends the consumer, so that a new one replaces it. A consumer that lost its lease, above all when a broker restarted, was seen to poll
     * on without ever receiving another record.
     */
    private synchronized void endConsumer() {
        var last = container;
        if (last != null && !closed) {
            // Stopping waits for the calling thread, and that thread must not poll again before the container stops.
            new Thread(last::stop, name + "-dismiss").start();
            long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
            while (last.isRunning() && System.nanoTime() < deadline) {
                LockSupport.parkNanos(100_000);
            }
        }
    }

    private AcknowledgeType acknowledgeType(ConsumerRecord<?, ?> record, Exception thrown) {
        if (thrown instanceof TaskDispositionException disposition) {
            if (disposition.endsConsumer()) {
                endConsumer();
            }
            return disposition.type();
        }
        LOG.error("The lease on {} ended unexpectedly; the task is released", TaskRunner.position(record), thrown);
        return AcknowledgeType.RELEASE;
    }
}
