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
 * The last states of all jobs, for a subscriber that comes late: events are kept for 30 days, states for ever. Read from the beginning to
 * where the topic ended when the reading began; what happened since then is told by the events.
 */
final class JobStates {

    static final String JOBS = "atelier.jobs";

    private static final String STATE = "io.atelier.generation.state.v1";
    private static final Duration POLL = Duration.ofMillis(500);

    private final Map<String, ConsumerRecord<String, byte[]>> last = new LinkedHashMap<>();

    private JobStates() {}

    /** @param reader of no group; closed by the caller */
    static JobStates read(Consumer<String, byte[]> reader) {
        var partitions = reader.partitionsFor(JOBS).stream()
                .map(each -> new TopicPartition(each.topic(), each.partition()))
                .toList();
        reader.assign(partitions);
        reader.seekToBeginning(partitions);
        var ends = reader.endOffsets(partitions);
        var states = new JobStates();
        while (ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
            reader.poll(POLL).forEach(states::add);
        }
        return states;
    }

    /** Tells of every job whose pictures can be fetched, as if its event came now. */
    void tell(JobListener listener, HandledVersions ledger) {
        for (var state : last.values()) {
            if (PublicRecord.type(state).equals(STATE)) {
                tell(PublicRecord.read(state, Job.class), Instant.ofEpochMilli(state.timestamp()), listener, ledger);
            }
        }
    }

    private static void tell(Job job, Instant at, JobListener listener, HandledVersions ledger) {
        boolean fetchable = job.status() == JobStatus.SUCCEEDED && job.erasure() == null;
        if (fetchable && !ledger.knows(job.id(), job.version())) {
            listener.succeeded(job);
            ledger.add(job.id(), job.version(), at);
        }
    }

    private void add(ConsumerRecord<String, byte[]> received) {
        if (received.value() == null) {
            // A tombstone: the job is forgotten.
            last.remove(received.key());
        } else {
            last.put(received.key(), received);
        }
    }
}
