package io.atelier.worker.lease;

import io.atelier.worker.lease.LeaseListener.TaskDispositionException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
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
 * A place where one order at a time is worked on: a consumer of its own. A container whose consumer died goes on saying that it runs, so
 * the end of its thread is what is watched here. Thread-safe.
 */
final class Slot {

    private static final Logger LOG = LoggerFactory.getLogger(Slot.class);

    private static final Duration LONGEST_DISMISSAL = Duration.ofSeconds(1);

    private final String name;
    private final TaskQueue<?> queue;
    private final LeaseListener<?> holder;
    private final ShareConsumerFactory<String, byte[]> consumers;
    private final Consumer<Slot> whenDead;

    private @Nullable ShareKafkaMessageListenerContainer<String, byte[]> container;
    private volatile boolean closed;
    private volatile boolean leasing;

    /** @param whenDead hears of a consumer that ended though nobody stopped it, on the consumer's thread */
    Slot(
            String name,
            TaskQueue<?> queue,
            LeaseListener<?> holder,
            ShareConsumerFactory<String, byte[]> consumers,
            Consumer<Slot> whenDead) {
        this.name = name;
        this.queue = queue;
        this.holder = holder;
        this.consumers = consumers;
        this.whenDead = whenDead;
    }

    /** Begins to lease with a new consumer, unless the slot was closed. */
    synchronized void open() {
        if (closed) {
            return;
        }
        try {
            var opened = create();
            container = opened;
            opened.start();
        } catch (RuntimeException e) {
            LOG.error("{} could not begin to lease from {}", name, queue.topic(), e);
            whenDead.accept(this);
        }
    }

    /** Leases no more. Returns when the consumer is done with what it holds. */
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

    /** Whether the slot has a living consumer. */
    boolean leasing() {
        return leasing;
    }

    private ShareKafkaMessageListenerContainer<String, byte[]> create() {
        var properties = new ContainerProperties(queue.topic());
        properties.setGroupId(queue.group());
        properties.setMessageListener(holder);
        AsyncTaskExecutor thread = consumer -> new Thread(() -> live(consumer), name).start();
        properties.setListenerTaskExecutor(thread);
        var created = new ShareKafkaMessageListenerContainer<String, byte[]>(consumers, properties);
        created.setBeanName(name);
        created.setClientId(name);
        created.setShareConsumerRecordRecoverer(this::verdict);
        return created;
    }

    private void live(Runnable consumer) {
        leasing = true;
        try {
            consumer.run();
        } finally {
            leasing = false;
        }
        if (!closed) {
            LOG.warn("The consumer of {} ended; a new one will be started", name);
            whenDead.accept(this);
        }
    }

    /**
     * Ends the consumer, so that a new one takes its place once there is one. One that lost its lease, in a broker's restart above all, was
     * seen to poll on and never to get another record.
     */
    private synchronized void dismiss() {
        var last = container;
        if (last != null && !closed) {
            // Stopping waits for the thread that calls this, which in turn must not poll again before it is told to
            // stop.
            new Thread(last::stop, name + "-dismiss").start();
            long deadline = System.nanoTime() + LONGEST_DISMISSAL.toNanos();
            while (last.isRunning() && System.nanoTime() < deadline) {
                LockSupport.parkNanos(100_000);
            }
        }
    }

    private AcknowledgeType verdict(ConsumerRecord<?, ?> taken, Exception reason) {
        if (reason instanceof TaskDispositionException parting) {
            if (parting.isForGood()) {
                dismiss();
            }
            return parting.type();
        }
        LOG.error("Lease on {} ended unexpectedly; the order is given back", TaskRunner.name(taken), reason);
        return AcknowledgeType.RELEASE;
    }
}
