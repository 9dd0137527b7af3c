package io.atelier.worker.lease;

import io.atelier.contract.work.BackOff;
import io.atelier.messaging.UnreadableRecord;
import io.atelier.worker.cancellation.CanceledJobs;
import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.cancellation.CancellationRequest;
import io.atelier.worker.lease.RunningTasks.Run;
import io.atelier.worker.lease.TaskQueue.TaskHeader;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.support.micrometer.KafkaListenerObservation;
import org.springframework.kafka.support.micrometer.KafkaListenerObservation.DefaultKafkaListenerObservationConvention;
import org.springframework.kafka.support.micrometer.KafkaRecordReceiverContext;

/**
 * What is done with one leased record on a worker thread: bury what nobody can do, wait until it may begin, hand it over, and hold on to
 * what is given back before it is. Never throws. Thread-safe.
 *
 * @param <T> an order
 */
final class TaskRunner<T> {

    private static final Logger LOG = LoggerFactory.getLogger(TaskRunner.class);

    private final TaskQueue<T> queue;
    private final TaskHandler<T> handler;
    private final DeadLetterPublisher undertaker;
    private final Setting setting;

    /**
     * What the work takes place in.
     *
     * @param releaseInterval how long what is given back is held first
     * @param stopping requested once the process stops: no wait goes on then
     */
    record Setting(
            Clock clock,
            ObservationRegistry observations,
            CanceledJobs canceled,
            Duration releaseInterval,
            Cancellation stopping) {}

    TaskRunner(TaskQueue<T> queue, TaskHandler<T> handler, DeadLetterPublisher undertaker, Setting setting) {
        this.queue = queue;
        this.handler = handler;
        this.undertaker = undertaker;
        this.setting = setting;
    }

    /** Does what a readable order says. */
    TaskDisposition carryOut(ConsumerRecord<String, byte[]> taken, T order, Run run) {
        var cancellation = run.cancellation();
        var ticket = queue.ticket().apply(order);
        int delivery = taken.deliveryCount().map(Short::intValue).orElse(1);
        int attempt = ticket.attempt() + delivery - 1;
        return guarded(taken, () -> {
            // A cancellation that comes from here on finds the run by itself.
            if (setting.canceled().contains(ticket.job())) {
                cancellation.request(CancellationRequest.receivedNow(Duration.ZERO));
            }
            boolean wanted = cancellation.cancellationRequest().isEmpty();
            if (wanted && attempt > ticket.maxAttempts()) {
                undertaker.publishPoisoned(taken, ticket, attempt);
                return TaskDisposition.ACCEPT;
            }
            boolean due = wanted && isDue(ticket, cancellation);
            if (cancellation.cancellationRequest().isPresent()) {
                undertaker.reportUnstarted(ticket, attempt);
                return TaskDisposition.ACCEPT;
            }
            if (!due) {
                return TaskDisposition.RELEASE;
            }
            var lease = new Lease<>(order, taken.topic(), delivery, attempt, cancellation, run.verdict()::complete);
            return observed(taken, () -> handler.handle(lease));
        });
    }

    /** Buries a record that holds no order. */
    TaskDisposition putAway(ConsumerRecord<String, byte[]> taken, UnreadableRecord reason) {
        return guarded(taken, () -> {
            undertaker.publishUnreadable(taken, reason);
            return TaskDisposition.REJECT;
        });
    }

    private TaskDisposition guarded(ConsumerRecord<String, byte[]> taken, Step step) {
        try {
            var verdict = step.run();
            return verdict == TaskDisposition.RELEASE ? releasedAfterPause() : verdict;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return TaskDisposition.RELEASE;
        } catch (Throwable e) {
            // Errors too: whoever waits for this record must hear of its end.
            LOG.error("Work on {} failed; the order is given back in {}", name(taken), setting.releaseInterval(), e);
            return releasedAfterPause();
        }
    }

    /** Waits until the order may begin. False if the process stops or the job is canceled before that. */
    private boolean isDue(TaskHeader ticket, Cancellation cancellation) throws InterruptedException {
        var notBefore = ticket.notBefore();
        if (notBefore == null) {
            return true;
        }
        var wait = BackOff.left(ticket.attempt(), notBefore, Instant.now(setting.clock()));
        if (wait.isZero()) {
            return true;
        }
        // Whoever is told to stop when the process does would otherwise wait through its grace.
        var woken = new CountDownLatch(1);
        var stop = setting.stopping().onRequest(woken::countDown);
        var cancel = cancellation.onRequest(woken::countDown);
        try {
            return !woken.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            stop.close();
            cancel.close();
        }
    }

    /** Kafka hands a released record out again at once; held for a while first, it does not spin while a store or broker is down. */
    private TaskDisposition releasedAfterPause() {
        try {
            setting.stopping().await(setting.releaseInterval());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return TaskDisposition.RELEASE;
    }

    /** The containers of share groups make no observation: this one continues the trace that the record carries. */
    private TaskDisposition observed(ConsumerRecord<String, byte[]> taken, Step step) throws Exception {
        Observation observation = KafkaListenerObservation.LISTENER_OBSERVATION.observation(
                null,
                DefaultKafkaListenerObservationConvention.INSTANCE,
                () -> new KafkaRecordReceiverContext(taken, queue.group(), null, queue.group(), () -> ""),
                setting.observations());
        return observation.observeChecked(step::run);
    }

    static String name(ConsumerRecord<?, ?> taken) {
        return taken.topic() + "-" + taken.partition() + "@" + taken.offset();
    }

    /** Something that ends with a verdict. */
    @FunctionalInterface
    private interface Step {
        TaskDisposition run() throws Exception;
    }
}
