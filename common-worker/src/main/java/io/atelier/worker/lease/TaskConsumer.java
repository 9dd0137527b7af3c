package io.atelier.worker.lease;

import io.atelier.contract.job.Worker;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Consumes the tasks of a {@link TaskQueue} with a handler: each slot leases one task at a time and renews its lease, attempts are counted,
 * tasks whose attempts are used up are dead-lettered, and a redelivered task joins its run. Created by {@link TaskConsumerFactory}.
 *
 * <p>Starts after everything else in its application and stops before it. Stopping blocks for the grace periods of {@link LeaseProperties}
 * at most. Can be started again. Thread-safe.
 *
 * @param <T> the type of the tasks
 */
public final class TaskConsumer<T> implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(TaskConsumer.class);

    private final TaskConsumerFactory factory;
    private final TaskQueue<T> queue;
    private final int slots;
    private final Worker worker;
    private final TaskHandler<T> handler;
    private final TaskForwarder<T> forwarder;

    private volatile @Nullable SlotPool pool;

    TaskConsumer(
            TaskConsumerFactory factory,
            TaskQueue<T> queue,
            int slots,
            Worker worker,
            TaskHandler<T> handler,
            TaskForwarder<T> forwarder) {
        this.factory = factory;
        this.queue = queue;
        this.slots = slots;
        this.worker = worker;
        this.handler = handler;
        this.forwarder = forwarder;
    }

    /** Waits for the brokers, configures the share group and begins to lease. */
    @Override
    public synchronized void start() {
        if (pool != null) {
            return;
        }
        factory.provisionGroup(queue);
        var created = factory.createPool(queue, slots, worker, handler, forwarder);
        created.start();
        pool = created;
        LOG.info("{} leases from {} with {} slots", worker.id(), queue.topic(), slots);
    }

    @Override
    public synchronized void stop() {
        var current = pool;
        if (current != null) {
            current.stop();
            pool = null;
            LOG.info("{} stopped leasing from {}", worker.id(), queue.topic());
        }
    }

    @Override
    public boolean isRunning() {
        return pool != null;
    }

    /** After everything else has started, the web server included, and before any of it stops. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 100;
    }

    /** The number of tasks that some consumers run now. */
    public static int running(Stream<? extends TaskConsumer<?>> consumers) {
        return consumers.mapToInt(consumer -> consumer.status().running()).sum();
    }

    /** The current status. */
    public Status status() {
        var current = pool;
        return current == null
                ? new Status(queue.topic(), slots, 0, 0, 0)
                : new Status(queue.topic(), slots, current.leasing(), current.running(), current.stuck());
    }

    /**
     * The status of a task consumer at one moment.
     *
     * @param slots the number of tasks that it can run at once
     * @param leasing the number of slots that take tasks; fewer than {@code slots} while consumers are being started, or while engines do not stop
     * @param running the number of running tasks
     * @param stuck how many of these were given up and still occupy a slot, because their engines do not stop
     */
    public record Status(String topic, int slots, int leasing, int running, int stuck) {

        /** Whether every slot leases. */
        public boolean isComplete() {
            return leasing == slots;
        }
    }
}
