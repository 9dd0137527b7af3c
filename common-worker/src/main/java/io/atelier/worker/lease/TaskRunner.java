package io.atelier.worker.lease;

import io.atelier.contract.work.BackOff;
import io.atelier.messaging.ForwardedTask;
import io.atelier.messaging.UnreadableRecord;
import io.atelier.worker.cancellation.CanceledJobs;
import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.lease.RunningTasks.Run;
import io.atelier.worker.lease.TaskHandler.Disposition;
import io.atelier.worker.lease.TaskPlacement.Forwarding;
import io.atelier.worker.lease.TaskQueue.TaskHeader;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.support.micrometer.KafkaListenerObservation;
import org.springframework.kafka.support.micrometer.KafkaListenerObservation.DefaultKafkaListenerObservationConvention;
import org.springframework.kafka.support.micrometer.KafkaRecordReceiverContext;

/**
 * Runs leased tasks on worker threads: dead-letters a task whose attempts are used up, skips the task of a canceled job, waits until a task
 * may start, forwards it or calls the handler, and holds a released task for a pause. Its methods never throw. Thread-safe.
 *
 * @param <T> the type of the tasks
 */
final class TaskRunner<T> {

    private static final Logger LOG = LoggerFactory.getLogger(TaskRunner.class);

    private final TaskHandler<T> handler;
    private final TaskForwarder<T> forwarder;
    private final DeadLetterPublisher deadLetters;
    private final CanceledJobs canceled;
    private final RunningTaskJournal journal;
    private final ObservationRegistry observations;
    private final String group;
    private final Duration releaseInterval;
    private final Cancellation stopping;
    private final Clock clock;

    /**
     * Stores what all tasks share.
     *
     * @param forwarder decides which tasks are not for this worker
     * @param group the share group, which names the listener in observations
     * @param releaseInterval how long a task is held before it is released
     * @param stopping requested when the process stops: it ends every wait
     */
    TaskRunner(
            TaskHandler<T> handler,
            TaskForwarder<T> forwarder,
            DeadLetterPublisher deadLetters,
            CanceledJobs canceled,
            RunningTaskJournal journal,
            ObservationRegistry observations,
            String group,
            Duration releaseInterval,
            Cancellation stopping,
            Clock clock) {
        this.handler = handler;
        this.forwarder = forwarder;
        this.deadLetters = deadLetters;
        this.canceled = canceled;
        this.journal = journal;
        this.observations = observations;
        this.group = group;
        this.releaseInterval = releaseInterval;
        this.stopping = stopping;
        this.clock = clock;
    }

    /** Runs a task. */
    Disposition run(ConsumerRecord<String, byte[]> record, T task, TaskHeader header, Run run) {
        var cancellation = run.cancellation();
        int delivery = record.deliveryCount().map(Short::intValue).orElse(1);
        return guarded(record, () -> {
            int earlier = ForwardedTask.attempts(record.headers());
            int attempt = header.attempt() + earlier + delivery - 1 + journal.unfinishedRuns(header.key());
            // A cancellation that arrives after this check finds the run itself.
            if (canceled.contains(header.job())) {
                cancellation.request(Cancellation.Request.receivedNow(Duration.ZERO));
            }
            boolean wanted = cancellation.cancellationRequest().isEmpty();
            if (wanted && attempt > header.maxAttempts()) {
                deadLetters.publishPoisoned(record, header, attempt);
                journal.finished(header.key());
                return Disposition.ACCEPT;
            }
            boolean due = wanted && awaitStart(header, cancellation);
            var forwarding = due ? forwarder.place(record, task) : Optional.<Forwarding>empty();
            if (forwarding.isPresent()) {
                cancellation.await(forwarding.get().delay());
            }
            if (cancellation.cancellationRequest().isPresent()) {
                deadLetters.reportUnstarted(header, attempt);
                return Disposition.ACCEPT;
            }
            if (!due) {
                return Disposition.RELEASE;
            }
            if (forwarding.isPresent()) {
                var topic = forwarding.get().topic();
                return observed(record, () -> forwarder.forward(record, topic, earlier + delivery - 1));
            }
            run.work().begin();
            boolean stops = cancellation.requestedWhileWaiting()
                    && cancellation.cancellationRequest().isEmpty();
            if (stops) {
                return Disposition.RELEASE;
            }
            var lease = new Lease<>(
                    task,
                    record.topic(),
                    delivery,
                    attempt,
                    cancellation,
                    run.disposition()::complete,
                    run.work()::end);
            return observed(record, () -> recorded(header.key(), () -> handler.handle(lease)));
        });
    }

    /** Continues the trace that the record carries; containers of share groups observe nothing. */
    private Disposition observed(ConsumerRecord<String, byte[]> record, Callable<Disposition> work) throws Exception {
        Observation observation = KafkaListenerObservation.LISTENER_OBSERVATION.observation(
                null,
                DefaultKafkaListenerObservationConvention.INSTANCE,
                () -> new KafkaRecordReceiverContext(record, group, null, group, () -> ""),
                observations);
        return observation.observeChecked(work::call);
    }

    private Disposition recorded(String task, Callable<Disposition> work) throws Exception {
        journal.started(task);
        var disposition = Disposition.RELEASE;
        try {
            disposition = work.call();
            return disposition;
        } finally {
            if (disposition == Disposition.RELEASE) {
                journal.released(task);
            } else {
                journal.finished(task);
            }
        }
    }

    /** Dead-letters a record that contains no readable task. */
    Disposition rejectUnreadable(ConsumerRecord<String, byte[]> record, UnreadableRecord cause) {
        return guarded(record, () -> {
            deadLetters.publishUnreadable(record, cause);
            return Disposition.REJECT;
        });
    }

    private Disposition guarded(ConsumerRecord<String, byte[]> record, Callable<Disposition> step) {
        try {
            var disposition = step.call();
            return disposition == Disposition.RELEASE ? releasedAfterPause() : disposition;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Disposition.RELEASE;
        } catch (Throwable e) {
            // Errors too: the listener waits for a disposition and would renew the lease for ever.
            LOG.error("The task of {} failed; it is released in {}", position(record), releaseInterval, e);
            return releasedAfterPause();
        }
    }

    /** Waits until the task may start. False if the process stops or the job is canceled before that. */
    private boolean awaitStart(TaskHeader header, Cancellation cancellation) throws InterruptedException {
        var notBefore = header.notBefore();
        if (notBefore == null) {
            return true;
        }
        var wait = BackOff.left(header.attempt(), notBefore, Instant.now(clock));
        if (wait.isZero()) {
            return true;
        }
        // The cancellation of the task alone would be requested only after the grace period of a stopping process.
        var woken = new CountDownLatch(1);
        var stop = stopping.onRequest(woken::countDown);
        var cancel = cancellation.onRequest(woken::countDown);
        try {
            return !woken.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            stop.close();
            cancel.close();
        }
    }

    /** Holds the task for a pause: Kafka delivers a released record at once, again and again while a store or broker is down. */
    private Disposition releasedAfterPause() {
        try {
            stopping.await(releaseInterval);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Disposition.RELEASE;
    }

    /** Topic, partition and offset of a record, for logs. */
    static String position(ConsumerRecord<?, ?> record) {
        return record.topic() + "-" + record.partition() + "@" + record.offset();
    }
}
