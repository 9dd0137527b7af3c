package io.atelier.worker.lease;

import io.atelier.contract.job.Worker;
import io.atelier.messaging.EventPublisher;
import io.atelier.messaging.TopicProvisioner;
import io.atelier.messaging.thread.DaemonThreads;
import io.atelier.worker.cancellation.CanceledJobs;
import io.atelier.worker.cancellation.Cancellation;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.springframework.kafka.core.ShareConsumerFactory;

/** Creates the task consumers of a worker. Declare each one as a bean: the application starts and stops it. Thread-safe. */
public final class TaskConsumerFactory {

    private final EventPublisher publisher;
    private final TopicProvisioner provisioner;
    private final CanceledJobs canceled;
    private final ShareConsumerFactory<String, byte[]> consumers;
    private final LeaseProperties properties;
    private final LeaseRenewal renewal;
    private final ObservationRegistry observations;
    private final Clock clock = Clock.systemUTC();
    private final RunningTaskJournal journal;

    TaskConsumerFactory(
            EventPublisher publisher,
            TopicProvisioner provisioner,
            CanceledJobs canceled,
            ShareConsumerFactory<String, byte[]> consumers,
            LeaseProperties properties,
            LeaseRenewal renewal,
            ObservationRegistry observations) {
        this.publisher = publisher;
        this.provisioner = provisioner;
        this.canceled = canceled;
        this.consumers = consumers;
        this.properties = properties;
        this.renewal = renewal;
        this.observations = observations;
        var folder = properties.journal();
        this.journal = folder == null ? RunningTaskJournal.none() : RunningTaskJournal.open(folder, clock);
    }

    /**
     * Creates a task consumer without starting it.
     *
     * @param slots how many tasks it runs at once, from 1
     * @param worker reports the tasks that are given up; its id also names consumers and threads, so it must be unique among the task
     *     consumers
     * @param handler called by one and a half times as many threads at once as there are slots, whose {@link Lease#endOfWork} frees a slot
     */
    public <T> TaskConsumer<T> create(TaskQueue<T> queue, int slots, Worker worker, TaskHandler<T> handler) {
        return create(queue, slots, worker, handler, TaskPlacement.here());
    }

    /**
     * Creates a task consumer that passes some tasks on; otherwise like the other one.
     *
     * @param placement decides which tasks are passed on
     */
    public <T> TaskConsumer<T> create(
            TaskQueue<T> queue, int slots, Worker worker, TaskHandler<T> handler, TaskPlacement<T> placement) {
        if (slots < 1) {
            throw new IllegalArgumentException("A task consumer needs at least 1 slot; got " + slots);
        }
        return new TaskConsumer<>(this, queue, slots, worker, handler, new TaskForwarder<>(publisher, placement));
    }

    /** Waits for the brokers and configures the share group of a queue. */
    void provisionGroup(TaskQueue<?> queue) {
        provisioner.group(
                queue.topic(),
                queue.group(),
                Map.of(
                        "share.auto.offset.reset",
                        "earliest",
                        "share.record.lock.duration.ms",
                        Long.toString(properties.lockTimeout().toMillis())));
    }

    /** Creates a pool without starting it. */
    <T> SlotPool createPool(
            TaskQueue<T> queue, int slots, Worker worker, TaskHandler<T> handler, TaskForwarder<T> forwarder) {
        var workers = Executors.newCachedThreadPool(DaemonThreads.numbered(queue.group() + "-work-"));
        var limit = new WorkSlots(slots);
        var tasks = new RunningTasks(workers, limit);
        var stopping = new Cancellation();
        var runner = new TaskRunner<>(
                handler,
                forwarder,
                new DeadLetterPublisher(publisher, worker, clock),
                canceled,
                journal,
                observations,
                queue.group(),
                properties.releaseInterval(),
                stopping,
                clock);
        var created = IntStream.range(0, slots + WorkSlots.ahead(slots))
                .mapToObj(number -> {
                    var slot = new ConsumerSlot(limit);
                    var listener = new LeaseListener<>(queue, runner, tasks, renewal, stopping, slot);
                    return new SlotConsumer(worker.id() + "-" + number, queue, listener, consumers, slot);
                })
                .toList();
        return new SlotPool(limit, created, tasks, workers, stopping, canceled, properties);
    }
}
