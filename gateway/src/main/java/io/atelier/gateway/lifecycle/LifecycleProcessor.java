package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.DeadlinePassed;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.lifecycle.JobState.Existing;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.Topic;
import io.atelier.messaging.UnreadableRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.PunctuationType;
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
final class LifecycleProcessor implements Processor<String, byte[], String, ProducerRecord<String, byte[]>> {

    static final String STORE = "job-histories";
    static final String MOMENTS = "job-moments";

    private static final Logger LOG = LoggerFactory.getLogger(LifecycleProcessor.class);
    private static final String TRACE = "traceparent";

    private static final Duration LOOK_AT_THE_CLOCK = Duration.ofSeconds(1);

    private final EventCodec wire;
    private final Supplier<List<String>> tail;
    private final Times times;
    private RecentEventIds written;
    private JobDeadlines moments;
    private ProcessorContext<String, ProducerRecord<String, byte[]>> context;
    private KeyValueStore<String, JobHistory> histories;

    /**
     * A task.
     *
     * @param tail the ids that were last written into the topics that this task writes, whoever wrote them
     */
    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    LifecycleProcessor(EventCodec wire, Supplier<List<String>> tail, Times times) {
        this.wire = wire;
        this.tail = tail;
        this.times = times;
    }

    /**
     * How long the lifecycle waits for what.
     *
     * @param cancelPatience how long after its grace a cancellation may stay without an answer
     * @param memory how long it is remembered that there was a job which was erased
     */
    record Times(Duration cancelPatience, Duration memory) {}

    @Override
    public void init(ProcessorContext<String, ProducerRecord<String, byte[]>> processorContext) {
        context = processorContext;
        histories = processorContext.getStateStore(STORE);
        moments = new JobDeadlines(processorContext.getStateStore(MOMENTS), times.cancelPatience(), times.memory());
        written = new RecentEventIds();
        tail.get().forEach(written::add);
        processorContext.schedule(LOOK_AT_THE_CLOCK, PunctuationType.WALL_CLOCK_TIME, this::sayWhatPassed);
    }

    /** Through the topic, like everything else that is heard, so that it has its place among the reports and is heard again after a crash. */
    private void sayWhatPassed(long now) {
        for (var event : moments.passed(Instant.ofEpochMilli(now))) {
            var output = wire.record(Topic.of(event), event);
            context.forward(new Record<>(output.key(), output, now, output.headers()));
        }
    }

    @Override
    public void process(Record<String, byte[]> input) {
        read(input).ifPresent(event -> hear(event, input));
    }

    private void hear(JobEvent event, Record<String, byte[]> input) {
        var key = event.job().value();
        var before = Optional.ofNullable(histories.get(key)).orElseGet(JobHistory::empty);
        var after = before.hear(event);
        if (event instanceof DeadlinePassed passed) {
            moments.heard(passed);
        }
        if (after.forgotten()) {
            forget(event.job(), input);
            return;
        }
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

    private void forget(JobId job, Record<String, byte[]> input) {
        histories.delete(job.value());
        forward(EventCodec.tombstone(job), input);
    }

    private void tell(JobHistory history, int version, Record<String, byte[]> input) {
        var announcement = history.announcement(version);
        if (version == history.version()) {
            // The state goes out first and again with each repetition: readers keep the last one only.
            forward(wire.record(announcement.job(), announcement.event().at()), input);
            announcement.split().ifPresent(order -> forwardOnce(wire.record(order), input));
            announcement
                    .generate()
                    .ifPresent(order -> forwardOnce(wire.record(EventCodec.topicOf(order), order), input));
            announcement.stop().ifPresent(order -> forward(wire.record(Topic.of(order), order), input));
            moments.note((Existing) history.state());
        }
        forwardOnce(wire.record(announcement.event(), announcement.eventId()), input);
    }

    private void forwardOnce(ProducerRecord<String, byte[]> output, Record<String, byte[]> input) {
        if (written.add(EventCodec.header(output.headers(), "ce_id"))) {
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
            return EventCodec.event(input.headers(), input.value());
        } catch (UnreadableRecord e) {
            // Skipping is safe: the record stays in its topic, and a job without reports shows as waiting.
            LOG.error("Skipped a record of job {} that cannot be read ({}).", input.key(), e.getMessage());
            return Optional.empty();
        }
    }
}
