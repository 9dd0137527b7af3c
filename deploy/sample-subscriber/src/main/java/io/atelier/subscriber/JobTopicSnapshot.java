package io.atelier.subscriber;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The latest states of all jobs from the compacted topic, for a subscriber that starts late: events are kept for 30 days, states for ever.
 * Read up to the end offsets at the start of the reading; later changes arrive as events.
 */
final class JobTopicSnapshot {

    static final String JOBS = "atelier.jobs";

    private static final String STATE = "io.atelier.generation.state.v1";
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(500);

    private final Map<String, ConsumerRecord<String, byte[]>> latest = new LinkedHashMap<>();

    private JobTopicSnapshot() {}

    /**
     * Reads the topic.
     *
     * @param consumer a consumer without a group; closed by the caller
     */
    static JobTopicSnapshot read(Consumer<String, byte[]> consumer) {
        var partitions = consumer.partitionsFor(JOBS).stream()
                .map(each -> new TopicPartition(each.topic(), each.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        var ends = consumer.endOffsets(partitions);
        var snapshot = new JobTopicSnapshot();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(POLL_TIMEOUT).forEach(snapshot::add);
        }
        return snapshot;
    }

    /** Notifies the listener of each succeeded job that is not yet processed, as its event would. */
    void notifyListener(JobListener listener, ProcessedVersionLog processed) {
        for (var state : latest.values()) {
            if (CloudEventReader.type(state).equals(STATE)) {
                notifyListener(
                        CloudEventReader.read(state, Job.class),
                        Instant.ofEpochMilli(state.timestamp()),
                        listener,
                        processed);
            }
        }
    }

    private static void notifyListener(Job job, Instant at, JobListener listener, ProcessedVersionLog processed) {
        boolean available = job.status() == JobStatus.SUCCEEDED && job.erasure() == null;
        if (available && !processed.contains(job.id(), job.version())) {
            listener.succeeded(job);
            processed.add(job.id(), job.version(), at);
        }
    }

    private void add(ConsumerRecord<String, byte[]> received) {
        if (received.value() == null) {
            // A tombstone: the job was purged.
            latest.remove(received.key());
        } else {
            latest.put(received.key(), received);
        }
    }
}
