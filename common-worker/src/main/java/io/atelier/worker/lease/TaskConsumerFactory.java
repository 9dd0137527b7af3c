package io.atelier.worker.lease;

import io.atelier.contract.job.Worker;
import io.atelier.messaging.EventPublisher;
import io.atelier.messaging.TopicProvisioner;
import io.atelier.worker.cancellation.CanceledJobs;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import org.springframework.kafka.core.ShareConsumerFactory;

/** Makes the loops of a worker. Declare what {@link #open} returns as a bean: its application starts and stops it. */
public final class TaskConsumerFactory {

    private final Means means;

    TaskConsumerFactory(Means means) {
        this.means = means;
    }

    /**
     * A loop that is not started yet.
     *
     * @param slots how many orders are worked on at once, from 1
     * @param worker who reports a task that is given up; its id also names consumers and threads, so it is unique among the loops
     * @param handler called by up to {@code slots} threads at once
     */
    public <T> TaskConsumer<T> open(TaskQueue<T> queue, int slots, Worker worker, TaskHandler<T> handler) {
        if (slots < 1) {
            throw new IllegalArgumentException("A lease loop has at least 1 slot; got " + slots);
        }
        return new TaskConsumer<>(means, queue, slots, worker, handler);
    }

    /** What every loop works with. */
    record Means(
            EventPublisher publisher,
            TopicProvisioner provisioning,
            CanceledJobs canceled,
            ShareConsumerFactory<String, byte[]> consumers,
            LeaseProperties properties,
            LeaseListener.Renewal renewal,
            Clock clock,
            ObservationRegistry observations) {}
}
