package io.atelier.worker.lease;

import io.atelier.messaging.UnreadableRecord;
import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.lease.RunningTasks.Run;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.AcknowledgingShareConsumerAwareMessageListener;
import org.springframework.kafka.support.ShareAcknowledgment;

/**
 * Holds the lease on a record while it is worked on: hands it over and renews, on the consumer's own thread, until there is a verdict.
 * Leaving normally accepts the record; {@link TaskDispositionException} says what else shall become of it, or of the consumer.
 *
 * @param <T> an order
 */
final class LeaseListener<T> implements AcknowledgingShareConsumerAwareMessageListener<String, byte[]> {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseListener.class);

    private final TaskQueue<T> queue;
    private final TaskRunner<T> work;
    private final RunningTasks tasks;
    private final Renewal renewal;
    private final Cancellation stopping;

    LeaseListener(TaskQueue<T> queue, TaskRunner<T> work, RunningTasks tasks, Renewal renewal, Cancellation stopping) {
        this.queue = queue;
        this.work = work;
        this.tasks = tasks;
        this.renewal = renewal;
        this.stopping = stopping;
    }

    @Override
    @SuppressWarnings("unchecked")
    public void onShareRecord(
            ConsumerRecord<String, byte[]> taken, @Nullable ShareAcknowledgment none, ShareConsumer<?, ?> consumer) {
        if (stopping.requested()) {
            throw new TaskDispositionException(AcknowledgeType.RELEASE);
        }
        if (tasks.blocked()) {
            throw TaskDispositionException.forGood(AcknowledgeType.RELEASE);
        }
        var run = handOver(taken);
        switch (hold(run, taken, (ShareConsumer<String, byte[]>) consumer)) {
            case ACCEPT -> restIfStuck(run);
            case RELEASE -> throw new TaskDispositionException(AcknowledgeType.RELEASE);
            case REJECT -> throw new TaskDispositionException(AcknowledgeType.REJECT);
        }
    }

    /** Something that does not stop has the place of this consumer: it must take nothing more. */
    private void restIfStuck(Run run) {
        if (tasks.stuck(run)) {
            throw TaskDispositionException.forGood(AcknowledgeType.ACCEPT);
        }
    }

    private Run handOver(ConsumerRecord<String, byte[]> taken) {
        T order;
        try {
            order = queue.reader().apply(taken);
        } catch (UnreadableRecord e) {
            return tasks.startOrJoin(TaskRunner.name(taken), run -> work.putAway(taken, e));
        }
        var key = queue.ticket().apply(order).key();
        return tasks.startOrJoin(key, run -> work.carryOut(taken, order, run));
    }

    private TaskDisposition hold(
            Run run, ConsumerRecord<String, byte[]> taken, ShareConsumer<String, byte[]> consumer) {
        while (true) {
            try {
                return run.verdict().get(renewal.every().toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                renew(taken, consumer);
            } catch (ExecutionException e) {
                throw new IllegalStateException("Work ended without a verdict", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return TaskDisposition.RELEASE;
            }
        }
    }

    private void renew(ConsumerRecord<String, byte[]> taken, ShareConsumer<String, byte[]> consumer) {
        try {
            renewal.renew(taken, consumer);
        } catch (KafkaException e) {
            LOG.warn(
                    "Lost the lease on {}: {}. The work goes on, and the record joins it again if it comes back here.",
                    TaskRunner.name(taken),
                    e.getMessage());
            throw TaskDispositionException.forGood(AcknowledgeType.RELEASE);
        }
    }

    /** How a lease is renewed, and how often. */
    interface Renewal {

        Duration every();

        /**
         * Prolongs the lease by the lock of the group, from now.
         *
         * @throws KafkaException if the lease is lost, or may be
         */
        void renew(ConsumerRecord<String, byte[]> taken, ShareConsumer<String, byte[]> consumer);

        /**
         * The only way that takes no second record. The acknowledgement goes out by itself first: carried by a poll it would fetch as well,
         * and the client would sit on the next record for as long as this one is worked on. The poll that follows finds the renewed record
         * in the client's hands and sends nothing.
         */
        static Renewal committed(Duration every, Duration timeout) {
            return new Renewal() {
                @Override
                public Duration every() {
                    return every;
                }

                @Override
                public void renew(ConsumerRecord<String, byte[]> taken, ShareConsumer<String, byte[]> consumer) {
                    consumer.acknowledge(taken, AcknowledgeType.RENEW);
                    var answers = consumer.commitSync(timeout).values();
                    var refusal = answers.stream().flatMap(Optional::stream).findFirst();
                    if (refusal.isPresent()) {
                        throw refusal.get();
                    }
                    // A client that has lost the leader of the partition answers with nothing, and would fetch.
                    if (answers.isEmpty() || consumer.poll(Duration.ZERO).isEmpty()) {
                        throw new KafkaException("the brokers did not answer the renewal");
                    }
                }
            };
        }
    }

    /** Tells the container what shall become of a record that was not simply accepted, and the slot whether it needs a new consumer. */
    static final class TaskDispositionException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final AcknowledgeType type;
        private final boolean forGood;

        TaskDispositionException(AcknowledgeType type) {
            this(type, false);
        }

        private TaskDispositionException(AcknowledgeType type, boolean forGood) {
            super("To be " + type, null, false, false);
            this.type = type;
            this.forGood = forGood;
        }

        /** After this the consumer takes no more records: it has lost a lease, or its place is taken by what does not stop. */
        static TaskDispositionException forGood(AcknowledgeType type) {
            return new TaskDispositionException(type, true);
        }

        boolean isForGood() {
            return forGood;
        }

        AcknowledgeType type() {
            return type;
        }
    }
}
