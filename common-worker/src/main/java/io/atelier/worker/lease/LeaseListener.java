package io.atelier.worker.lease;

import io.atelier.messaging.ForwardedTask;
import io.atelier.messaging.UnreadableRecord;
import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.lease.RunningTasks.Run;
import io.atelier.worker.lease.TaskHandler.Disposition;
import io.atelier.worker.lease.WorkSlots.Claim;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.MessageListener;

/**
 * Starts the task of a record on a worker thread, or joins it if it runs already, and renews the lease until there is a disposition. It
 * blocks the thread of the consumer meanwhile, because only that thread may renew. It has the consumer from its slot: to a listener that asks the
 * container for it, that one warns at each start that no acknowledgment comes with it.
 *
 * <p>The container accepts the record when the listener returns. For anything else the listener throws a {@link TaskDispositionException}:
 * it carries how to acknowledge the record, and whether the consumer has to end. {@link SlotConsumer} passes both to the container.
 *
 * @param <T> the type of the tasks
 */
final class LeaseListener<T> implements MessageListener<String, byte[]> {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseListener.class);

    private final TaskQueue<T> queue;
    private final TaskRunner<T> runner;
    private final RunningTasks tasks;
    private final LeaseRenewal renewal;
    private final Cancellation stopping;
    private final ConsumerSlot slot;

    /**
     * Creates the listener of one consumer.
     *
     * @param stopping requested when the process stops: records that arrive later are released
     * @param slot claimed by the consumer for each record
     */
    LeaseListener(
            TaskQueue<T> queue,
            TaskRunner<T> runner,
            RunningTasks tasks,
            LeaseRenewal renewal,
            Cancellation stopping,
            ConsumerSlot slot) {
        this.queue = queue;
        this.runner = runner;
        this.tasks = tasks;
        this.renewal = renewal;
        this.stopping = stopping;
        this.slot = slot;
    }

    @Override
    public void onMessage(ConsumerRecord<String, byte[]> record) {
        var consumer = slot.consumer();
        var claim = slot.receive();
        try {
            switch (disposition(record, claim, consumer)) {
                case ACCEPT, FORWARD -> {}
                case RELEASE -> throw new TaskDispositionException(AcknowledgeType.RELEASE);
                case REJECT -> throw new TaskDispositionException(AcknowledgeType.REJECT);
            }
        } finally {
            slot.release();
        }
    }

    private Disposition disposition(
            ConsumerRecord<String, byte[]> record, Claim claim, ShareConsumer<String, byte[]> consumer) {
        try {
            if (stopping.requested()) {
                claim.free();
                return Disposition.RELEASE;
            }
            var run = startOrJoin(record);
            // A task that does not stop keeps its slot: nothing is leased for it.
            run.work().onEnd(claim::free);
            return renewUntilSettled(run, record, consumer);
        } catch (RuntimeException e) {
            // The lease is lost: only a poll can bring the task back, so this must not wait for the end of the work.
            claim.free();
            throw e;
        }
    }

    private Run startOrJoin(ConsumerRecord<String, byte[]> record) {
        boolean redelivered = record.deliveryCount().orElse((short) 1) > 1;
        T task;
        try {
            task = queue.reader().apply(record);
        } catch (UnreadableRecord e) {
            return tasks.startOrJoin(
                    TaskRunner.position(record), redelivered, run -> runner.rejectUnreadable(record, e));
        }
        var header = queue.header().apply(task);
        // The copy of a forwarded task must not join the run that forwards it.
        var key = header.key() + "/" + ForwardedTask.forwards(record.headers());
        return tasks.startOrJoin(key, redelivered, run -> runner.run(record, task, header, run));
    }

    private Disposition renewUntilSettled(
            Run run, ConsumerRecord<String, byte[]> record, ShareConsumer<String, byte[]> consumer) {
        while (true) {
            try {
                return run.disposition().get(renewal.interval().toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                renew(record, consumer);
            } catch (ExecutionException e) {
                throw new IllegalStateException("A task ended without a disposition", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Disposition.RELEASE;
            }
        }
    }

    private void renew(ConsumerRecord<String, byte[]> record, ShareConsumer<String, byte[]> consumer) {
        try {
            renewal.renew(record, consumer);
        } catch (KafkaException e) {
            LOG.warn(
                    "Lost the lease on {}: {}. The task continues, and the record joins it if it is delivered here"
                            + " again.",
                    TaskRunner.position(record),
                    e.getMessage());
            throw TaskDispositionException.endingConsumer(AcknowledgeType.RELEASE);
        }
    }

    /** Carries how to acknowledge a record, and whether the consumer has to end. Has no stack trace, because it reports no error. */
    static final class TaskDispositionException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final AcknowledgeType type;
        private final boolean endsConsumer;

        TaskDispositionException(AcknowledgeType type) {
            this(type, false);
        }

        private TaskDispositionException(AcknowledgeType type, boolean endsConsumer) {
            super("Acknowledge with " + type, null, false, false);
            this.type = type;
            this.endsConsumer = endsConsumer;
        }

        /** The consumer takes no more records, because it has lost a lease. */
        static TaskDispositionException endingConsumer(AcknowledgeType type) {
            return new TaskDispositionException(type, true);
        }

        boolean endsConsumer() {
            return endsConsumer;
        }

        AcknowledgeType type() {
            return type;
        }
    }
}
