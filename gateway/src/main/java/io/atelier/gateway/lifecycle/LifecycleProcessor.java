package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.DeadlinePassed;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.lifecycle.JobState.Existing;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.Topic;
import io.atelier.messaging.UnreadableRecord;
import io.atelier.messaging.WebhookDelivery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the events of one partition to the histories of its jobs and forwards the resulting announcements.
 *
 * <p>Kafka Streams runs it with at-least-once processing: after a crash it receives events again that its store may already contain. It then
 * announces the same version again, except for the records that are known to be written. So each version is announced, and each event and
 * task is written once.
 */
final class LifecycleProcessor implements Processor<String, byte[], String, ProducerRecord<String, byte[]>> {

    /** The store of job histories. Its name is part of the name of a changelog topic. */
    static final String HISTORIES = "job-histories";

    /** The store of deadlines. Its name is part of the name of a changelog topic. */
    static final String DEADLINES = "job-moments";

    private static final Logger LOG = LoggerFactory.getLogger(LifecycleProcessor.class);
    private static final String TRACE_HEADER = "traceparent";
    private static final String ID_HEADER = "ce_id";

    private static final Duration DEADLINE_CHECK_INTERVAL = Duration.ofSeconds(1);

    private final EventCodec codec;
    private final JobPartitions partitions;
    private final IntFunction<List<String>> lastRecordIds;
    private final Duration cancelAnswerTimeout;
    private final Duration erasedJobTtl;
    private final ReconciliationQueue reconciliations;
    private final GenerationMetrics metrics;
    private final TaskPlan plan;
    private JobReconciler reconciler;
    private RecentEventIds recentIds;
    private JobDeadlines deadlines;
    private ProcessorContext<String, ProducerRecord<String, byte[]>> context;
    private JobHistories histories;
    private int partition;

    /**
     * Creates the processor of one stream task.
     *
     * @param partitions in which the lifecycle works
     * @param lastRecordIds reads the ids of the last records in the output topics that the stream task of a partition has written
     * @param cancelAnswerTimeout see {@link LifecycleProperties}
     * @param erasedJobTtl see {@link LifecycleProperties}
     * @param reconciliations the surveys to compare the jobs with
     * @param metrics counts what is announced
     * @param plan decides which tasks a job has
     */
    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    LifecycleProcessor(
            EventCodec codec,
            JobPartitions partitions,
            IntFunction<List<String>> lastRecordIds,
            Duration cancelAnswerTimeout,
            Duration erasedJobTtl,
            ReconciliationQueue reconciliations,
            GenerationMetrics metrics,
            TaskPlan plan) {
        this.codec = codec;
        this.partitions = partitions;
        this.lastRecordIds = lastRecordIds;
        this.cancelAnswerTimeout = cancelAnswerTimeout;
        this.erasedJobTtl = erasedJobTtl;
        this.reconciliations = reconciliations;
        this.metrics = metrics;
        this.plan = plan;
    }

    @Override
    public void init(ProcessorContext<String, ProducerRecord<String, byte[]>> processorContext) {
        context = processorContext;
        histories = new JobHistories(processorContext.getStateStore(HISTORIES), plan);
        deadlines = new JobDeadlines(processorContext.getStateStore(DEADLINES), cancelAnswerTimeout, erasedJobTtl);
        partition = processorContext.taskId().partition();
        recentIds = new RecentEventIds(lastRecordIds.apply(partition));
        reconciler = new JobReconciler(reconciliations, partition, new ProcessorRepairs(), erasedJobTtl);
        processorContext.schedule(DEADLINE_CHECK_INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> {
            publishDueDeadlines(now);
            reconciler.run(Instant.ofEpochMilli(now));
        });
        reconciliations.processorStarted(partition, Instant.ofEpochMilli(processorContext.currentSystemTimeMs()));
    }

    @Override
    public void close() {
        reconciliations.processorStopped(partition);
    }

    /** Publishes to an input topic, so that a deadline has a fixed position among the other events and is replayed with them after a crash. */
    private void publishDueDeadlines(long now) {
        for (var event : deadlines.due(Instant.ofEpochMilli(now))) {
            var output = codec.record(Topic.of(event), event);
            context.forward(new Record<>(output.key(), output, now, output.headers()));
        }
    }

    @Override
    public void process(Record<String, byte[]> input) {
        read(input).ifPresent(event -> {
            handle(event, input);
            reconciler.changed(event.job().value(), Instant.ofEpochMilli(context.currentSystemTimeMs()));
        });
    }

    private void handle(JobEvent event, Record<String, byte[]> input) {
        var key = event.job().value();
        var before = histories.get(key);
        var after = before.with(event);
        if (event instanceof DeadlinePassed passed) {
            deadlines.remove(passed);
        }
        if (after.isPurged()) {
            purge(event.job(), input);
            return;
        }
        // A repeated event announces its own versions again. A new one may have made several, with pending events.
        var versions = after.version() == before.version()
                ? after.versionsMadeBy(event)
                : IntStream.rangeClosed(before.version() + 1, after.version());
        var outputs = new ArrayDeque<ProducerRecord<String, byte[]>>();
        var announced = new ArrayList<Announcement>();
        versions.forEach(version -> {
            var announcement = after.announcement(version);
            if (announce(after, announcement, outputs, input)) {
                announced.add(announcement);
            }
        });
        if (!after.equals(before)) {
            histories.put(key, after);
        }
        // Written without a pause, these records share a request with the change of the store: the broker takes the
        // requests of a connection one after the other, and each would delay what clients wait for.
        outputs.forEach(output -> forward(output, input));
        announced.forEach(announcement -> metrics.announced(announcement.event(), announcement.job()));
    }

    private void purge(JobId job, Record<String, byte[]> input) {
        histories.delete(job.value());
        forward(EventCodec.tombstone(job), input);
    }

    /**
     * Adds what is published for a version; the state of the job, which clients wait for, before everything else. Returns whether its event is new.
     */
    private boolean announce(
            JobHistory history,
            Announcement announcement,
            Deque<ProducerRecord<String, byte[]>> outputs,
            Record<String, byte[]> input) {
        boolean isLast = announcement.job().version() == history.version();
        if (isLast) {
            // The state may be written more than once: its topic is compacted.
            outputs.addFirst(
                    codec.record(announcement.job(), announcement.event().at()));
        }
        // A version before the last one can have tasks that still wait: the last one is about others.
        announcement.tasksFor(history.state()).forEach(task -> addOnce(codec.record(task), outputs));
        if (isLast) {
            announcement.cancellation().ifPresent(request -> outputs.add(codec.record(Topic.of(request), request)));
            deadlines.add((Existing) history.state());
            announcement.erasedWebhook().ifPresent(id -> outputs.add(EventCodec.deliveryTombstone(id)));
        }
        announcement.webhook().ifPresent(delivery -> addOnce(record(delivery, input), outputs));
        return addOnce(codec.record(announcement.event(), announcement.eventId()), outputs);
    }

    private ProducerRecord<String, byte[]> record(WebhookDelivery delivery, Record<String, byte[]> input) {
        var trace = EventCodec.header(input.headers(), TRACE_HEADER);
        return codec.record(delivery.withTraceparent(trace.isEmpty() ? null : trace));
    }

    /** Whether it was added now, and not written before. */
    private boolean addOnce(ProducerRecord<String, byte[]> output, Deque<ProducerRecord<String, byte[]>> outputs) {
        boolean isNew = recentIds.add(EventCodec.header(output.headers(), ID_HEADER));
        if (isNew) {
            outputs.add(output);
        }
        return isNew;
    }

    private void forward(ProducerRecord<String, byte[]> output, Record<String, byte[]> input) {
        Headers headers = output.headers();
        var trace = input.headers().lastHeader(TRACE_HEADER);
        if (trace != null) {
            headers.add(trace);
        }
        context.forward(new Record<>(output.key(), output, input.timestamp(), headers));
    }

    private Optional<JobEvent> read(Record<String, byte[]> input) {
        try {
            return EventCodec.event(input.headers(), input.value()).filter(event -> isOwn(event.job(), input));
        } catch (UnreadableRecord e) {
            // Skipping is safe: the record stays in its topic, and a job without reports shows as waiting.
            LOG.error("{}: skipped a record that cannot be read ({})", input.key(), e.getMessage());
            return Optional.empty();
        }
    }

    /** A record of a client that wrote another job into it than into its key came to a partition without this job. */
    private boolean isOwn(JobId job, Record<String, byte[]> input) {
        boolean own = partitions.of(job.value()) == partition;
        if (!own) {
            LOG.error("{}: skipped a record that is about {}, not about the job of its key", input.key(), job);
        }
        return own;
    }

    /** Repairs of jobs, on the thread of the stream task. */
    private final class ProcessorRepairs implements JobReconciler.Repairs {

        /** Repetitions of one task for each call: enough for the unflushed end of a log. */
        private static final long MAX_COPIES = 10_000;

        @Override
        public JobHistory history(JobId job) {
            return histories.get(job.value());
        }

        @Override
        public void apply(JobEvent input) {
            handle(input, untraced(input.job()));
        }

        @Override
        public void publishState(Announcement announcement) {
            var output = codec.record(announcement.job(), announcement.event().at());
            forward(output, untraced(announcement.job().id()));
        }

        @Override
        public void publishEvent(Announcement announcement) {
            recentIds.add(announcement.eventId());
            forward(
                    codec.record(announcement.event(), announcement.eventId()),
                    untraced(announcement.job().id()));
        }

        @Override
        public void publishDelivery(WebhookDelivery delivery) {
            var output = codec.record(delivery);
            recentIds.add(EventCodec.header(output.headers(), ID_HEADER));
            forward(output, untraced(delivery.job()));
        }

        @Override
        public void publishTask(OpenState state, JobTask lost, Map<String, Long> skippedOffsets) {
            NextTasks.again(state, lost).ifPresent(task -> publish(codec.record(task), state, skippedOffsets));
        }

        private void publish(ProducerRecord<String, byte[]> task, OpenState state, Map<String, Long> skippedOffsets) {
            recentIds.add(EventCodec.header(task.headers(), ID_HEADER));
            // The lifecycle reads the task, too; the event of the first version must not follow from it again.
            recentIds.add(history(state.record().job()).announcement(1).eventId());
            // The first copies get offsets that the share group skips, because it has completed lost records with these
            // offsets.
            long copies = 1 + Math.min(MAX_COPIES, skippedOffsets.getOrDefault(task.topic(), 0L));
            for (long i = 0; i < copies; i++) {
                forward(task, untraced(state.record().job()));
            }
        }

        @Override
        public void addDeadlines(Existing state) {
            deadlines.add(state);
        }

        private Record<String, byte[]> untraced(JobId job) {
            return new Record<>(job.value(), new byte[0], context.currentSystemTimeMs());
        }
    }
}
