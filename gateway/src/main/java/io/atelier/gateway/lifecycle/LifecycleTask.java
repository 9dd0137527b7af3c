package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.JobEvent;
import io.atelier.messaging.UnreadableRecord;
import io.atelier.messaging.Wire;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds one partition's events to the histories of its jobs and forwards what the world is to be told.
 *
 * <p>At least once: after a crash events are heard again, with histories that may know them already. Then the same is told again, unless it
 * is known to have been written; so every version is announced, and announced once.
 */
final class LifecycleTask implements Processor<String, byte[], String, ProducerRecord<String, byte[]>> {

    static final String STORE = "job-histories";

    private static final Logger LOG = LoggerFactory.getLogger(LifecycleTask.class);
    private static final String TRACE = "traceparent";

    private final Wire wire;
    private final Supplier<List<String>> tail;
    private WrittenLately written;
    private ProcessorContext<String, ProducerRecord<String, byte[]>> context;
    private KeyValueStore<String, JobHistory> histories;

    /** @param tail the ids that were last written into the topics that this task writes, whoever wrote them */
    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    LifecycleTask(Wire wire, Supplier<List<String>> tail) {
        this.wire = wire;
        this.tail = tail;
    }

    @Override
    public void init(ProcessorContext<String, ProducerRecord<String, byte[]>> processorContext) {
        context = processorContext;
        histories = processorContext.getStateStore(STORE);
        written = new WrittenLately();
        tail.get().forEach(written::add);
    }

    @Override
    public void process(Record<String, byte[]> input) {
        read(input).ifPresent(event -> hear(event, input));
    }

    private void hear(JobEvent event, Record<String, byte[]> input) {
        var key = event.job().value();
        var before = Optional.ofNullable(histories.get(key)).orElseGet(JobHistory::empty);
        var after = before.hear(event);
        if (!after.equals(before)) {
            histories.put(key, after);
        }
        after.versionMadeBy(event).ifPresent(version -> {
            // A repeated event tells its own version again, a new one also those of early reports that count only now.
            var last = after.version() == before.version() ? version : after.version();
            for (int told = version; told <= last; told++) {
                tell(after, told, input);
            }
        });
    }

    private void tell(JobHistory history, int version, Record<String, byte[]> input) {
        var announcement = history.announcement(version);
        if (version == history.version()) {
            // The state goes out first and again with each repetition: readers keep the last one only.
            forward(wire.record(announcement.job(), announcement.event().at()), input);
            announcement.split().ifPresent(order -> forwardOnce(wire.record(order), input));
            announcement.generate().ifPresent(order -> forwardOnce(wire.record(Wire.topicOf(order), order), input));
        }
        forwardOnce(wire.record(announcement.event(), announcement.eventId()), input);
    }

    private void forwardOnce(ProducerRecord<String, byte[]> output, Record<String, byte[]> input) {
        if (written.add(Wire.header(output.headers(), "ce_id"))) {
            forward(output, input);
        }
    }

    private void forward(ProducerRecord<String, byte[]> output, Record<String, byte[]> input) {
        Headers headers = output.headers();
        var trace = input.headers().lastHeader(TRACE);
        if (trace != null) {
            headers.add(trace);
        }
        context.forward(new Record<>(output.key(), output, input.timestamp(), headers));
    }

    private Optional<JobEvent> read(Record<String, byte[]> input) {
        try {
            return Wire.event(input.headers(), input.value());
        } catch (UnreadableRecord e) {
            // Skipping is safe: the record stays in its topic, and a job without reports shows as waiting.
            LOG.error("Skipped a record of job {} that cannot be read ({}).", input.key(), e.getMessage());
            return Optional.empty();
        }
    }
}
