package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobId;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.UnreadableRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Collects the traces of jobs from the records of topics, which are to be passed in the order of the methods. Not thread-safe. */
final class TraceCollector {

    private static final String VERSION_HEADER = "ce_sequence";

    private final Map<TopicPartition, Long> committed;
    private final Map<TopicPartition, Deliveries> deliveries;
    private final Map<JobId, Traced> jobs = new HashMap<>();

    /**
     * Creates a collector without jobs.
     *
     * @param committed offsets that the lifecycle has committed
     * @param deliveries state of the share groups; workers get all records of a partition that is not in it
     */
    TraceCollector(Map<TopicPartition, Long> committed, Map<TopicPartition, Deliveries> deliveries) {
        this.committed = committed;
        this.deliveries = deliveries;
    }

    /** Adds a job none of whose records is older than the given time. */
    void add(JobId job, Instant since) {
        jobs.computeIfAbsent(job, each -> new Traced()).since(since);
    }

    /** The time before which no record belongs to a job of this collector; empty if it has none. */
    Optional<Instant> earliest() {
        return jobs.values().stream().map(job -> job.since).min(Instant::compareTo);
    }

    /** A record of a topic of requests. The request of a client adds its job. */
    void request(ConsumerRecord<String, byte[]> record) {
        if (read(record) instanceof GenerationRequested task) {
            if (JobReconciler.isSubmission(task)) {
                add(task.job(), Instant.ofEpochMilli(record.timestamp()));
            }
            task(record, task.job(), task.task(), task.attempt());
            input(record);
        }
    }

    /**
     * A record of the topic of reports. The request of a job whose first task is no task for generator workers adds its job; {@link #input} adds the
     * record itself.
     */
    void reportedRequest(ConsumerRecord<String, byte[]> record) {
        if (read(record) instanceof GenerationRequested request && JobReconciler.isSubmission(request)) {
            add(request.job(), Instant.ofEpochMilli(record.timestamp()));
        }
    }

    /** A record of a topic of tasks that are no requests for images. */
    void task(ConsumerRecord<String, byte[]> record) {
        if (find(record) == null) {
            return;
        }
        try {
            var task = EventCodec.read(record.value(), AnyTask.class);
            task(record, task.job(), task.task(), task.attempt());
        } catch (UnreadableRecord e) {
            // The workers report it.
            return;
        }
    }

    /** A record of an input topic of the lifecycle. */
    void input(ConsumerRecord<String, byte[]> record) {
        var job = find(record);
        var event = job == null ? null : read(record);
        if (job != null && event != null) {
            job.inputs.add(new Input(event, record.timestamp()));
            var partition = new TopicPartition(record.topic(), record.partition());
            job.pending |= record.offset() >= committed.getOrDefault(partition, 0L);
        }
    }

    /** A record of the topic of events. */
    void event(ConsumerRecord<String, byte[]> record) {
        var job = find(record);
        if (job != null) {
            job.eventVersions.add(version(record));
        }
    }

    /** A record of the topic of deliveries, whose keys are not the ids of jobs. */
    void delivery(ConsumerRecord<String, byte[]> record) {
        var job = EventCodec.subject(record.headers()).map(jobs::get).orElse(null);
        if (job != null) {
            job.delivery = true;
        }
    }

    /** A record of the topic of states. */
    void state(ConsumerRecord<String, byte[]> record) {
        var job = find(record);
        if (job != null) {
            job.stateVersion = record.value() == null ? 0 : version(record);
        }
    }

    /**
     * The traces of all jobs that have no record before a time.
     *
     * @param complete time since which all records were read
     */
    List<JobTrace> finish(Instant complete, PublishedJobs published) {
        return jobs.entrySet().stream()
                .filter(job -> !job.getValue().since.isBefore(complete))
                .map(job -> job.getValue().trace(job.getKey(), published))
                .toList();
    }

    private void task(ConsumerRecord<?, ?> record, JobId id, String task, int attempt) {
        var job = jobs.get(id);
        var state = deliveries.get(new TopicPartition(record.topic(), record.partition()));
        if (job != null && (state == null || state.mayDeliver(record.offset()))) {
            job.tasks.add(JobTrace.task(task, attempt));
        }
    }

    private @Nullable Traced find(ConsumerRecord<String, byte[]> record) {
        return record.key() == null
                ? null
                : JobId.parse(record.key()).map(jobs::get).orElse(null);
    }

    private static @Nullable JobEvent read(ConsumerRecord<String, byte[]> record) {
        try {
            return EventCodec.event(record.headers(), record.value()).orElse(null);
        } catch (UnreadableRecord e) {
            // The lifecycle reports it.
            return null;
        }
    }

    private static int version(ConsumerRecord<?, ?> record) {
        var text = EventCodec.header(record.headers(), VERSION_HEADER);
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    }

    /** What all tasks have, see {@link io.atelier.contract.job.TaskRequest}. */
    private record AnyTask(JobId job, String task, int attempt) {}

    private record Input(JobEvent event, long timestamp) {}

    /** A trace to which records are added. */
    private static final class Traced {

        private final List<Input> inputs = new ArrayList<>();
        private final Set<String> tasks = new HashSet<>();
        private final Set<Integer> eventVersions = new HashSet<>();
        private Instant since = Instant.MAX;
        private int stateVersion;
        private boolean delivery;
        private boolean pending;

        private void since(Instant time) {
            since = time.isBefore(since) ? time : since;
        }

        private JobTrace trace(JobId id, PublishedJobs published) {
            var ordered = inputs.stream()
                    .sorted(Comparator.comparingLong(Input::timestamp))
                    .map(Input::event)
                    .toList();
            return new JobTrace(
                    id,
                    ordered,
                    pending,
                    tasks,
                    eventVersions,
                    delivery,
                    stateVersion,
                    published.find(id).orElse(null));
        }
    }
}
