package io.atelier.worker.lease;

import io.atelier.contract.job.Worker;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Takes orders from a work queue for as long as it runs, and has each done by a handler: one at a time in each slot, the lease renewed
 * meanwhile, attempts counted, poison buried, redeliveries joined to the work under way. Made by {@link TaskConsumerFactory}.
 *
 * <p>Starts late and stops early in the life of its application. Stopping blocks for the graces of {@link LeaseProperties} at most. Can be
 * started again.
 *
 * @param <T> an order
 */
public final class TaskConsumer<T> implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(TaskConsumer.class);

    private final TaskConsumerFactory.Means means;
    private final TaskQueue<T> queue;
    private final int slots;
    private final Worker worker;
    private final TaskHandler<T> handler;

    private volatile @Nullable SlotPool shift;

    TaskConsumer(
            TaskConsumerFactory.Means means, TaskQueue<T> queue, int slots, Worker worker, TaskHandler<T> handler) {
        this.means = means;
        this.queue = queue;
        this.slots = slots;
        this.worker = worker;
        this.handler = handler;
    }

    /** Waits for the brokers, settles the share group and begins to lease. */
    @Override
    public synchronized void start() {
        if (shift != null) {
            return;
        }
        means.provisioning()
                .group(
                        queue.topic(),
                        queue.group(),
                        Map.of(
                                "share.auto.offset.reset",
                                "earliest",
                                "share.record.lock.duration.ms",
                                Long.toString(means.properties().lockTimeout().toMillis())));
        shift = SlotPool.begin(means, queue, worker, slots, handler);
        LOG.info("{} leases from {} with {} slots", worker.id(), queue.topic(), slots);
    }

    @Override
    public synchronized void stop() {
        var ending = shift;
        if (ending != null) {
            ending.end();
            shift = null;
            LOG.info("{} leases no more from {}", worker.id(), queue.topic());
        }
    }

    @Override
    public boolean isRunning() {
        return shift != null;
    }

    /** After everything else has started, the web server included, and before any of it stops. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 100;
    }

    /** How it stands right now. */
    public Status status() {
        var current = shift;
        return current == null
                ? new Status(queue.topic(), slots, 0, 0, 0)
                : new Status(queue.topic(), slots, current.leasing(), current.running(), current.stuck());
    }

    /**
     * How a loop stands.
     *
     * @param slots how many orders it works on at once
     * @param leasing how many slots have a living consumer; fewer than {@code slots} while one is being started again
     * @param running how many tasks are under way
     * @param stuck how many of these have been given up, and still have the place of a slot since they do not stop
     */
    public record Status(String topic, int slots, int leasing, int running, int stuck) {

        public boolean complete() {
            return leasing == slots;
        }
    }
}
