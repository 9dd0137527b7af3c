package io.atelier.messaging;

import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobId;
import io.atelier.contract.schema.Schemas;
import io.atelier.contract.work.SplitRequested;
import io.atelier.contract.work.TaskProgress;
import io.atelier.contract.work.WorkerAnnounced;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is said, as records: CloudEvents 1.0 in Kafka's binary mode with JSON data in snake case. The only place that knows the form of
 * events. Thread-safe.
 *
 * <p>Readers ignore fields they do not know, so that writers may add some. What is written for others names its schema.
 */
public final class EventCodec {

    private static final String TYPE_HEADER = "ce_type";

    private static final Map<String, Class<? extends JobEvent>> EVENTS = Map.of(
            "io.atelier.generation.requested.v1", JobEvent.GenerationRequested.class,
            "io.atelier.task.started.v1", JobEvent.TaskStarted.class,
            "io.atelier.task.succeeded.v1", JobEvent.TaskSucceeded.class,
            "io.atelier.task.failed.v1", JobEvent.TaskFailed.class,
            "io.atelier.task.canceled.v1", JobEvent.TaskCanceled.class,
            "io.atelier.cancellation.requested.v1", JobEvent.CancelRequested.class,
            "io.atelier.erasure.requested.v1", JobEvent.EraseRequested.class,
            "io.atelier.moment.passed.v1", JobEvent.DeadlinePassed.class);

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final URI source;

    /** @param component who speaks, such as {@code gateway} or {@code generator} */
    public EventCodec(String component) {
        this.source = URI.create("urn:atelier:" + component);
    }

    /** The mapper that all values are written and read with. */
    public static JsonMapper json() {
        return JSON;
    }

    /** An event or order for the lifecycle and the workers. */
    public ProducerRecord<String, byte[]> record(String topic, JobEvent event) {
        var type = typeOf(event);
        var id = event.job() + "/" + event.fingerprint();
        return record(topic, event.job(), type, id, event.at(), event, null);
    }

    /** An order for a splitter worker. */
    public ProducerRecord<String, byte[]> record(SplitRequested order) {
        var id = order.job() + "/" + order.task() + "/" + order.attempt() + "/requested";
        return record(Topic.SPLIT_REQUESTED, order.job(), "io.atelier.split.requested.v1", id, order.at(), order, null);
    }

    /** Progress of a running task. */
    public ProducerRecord<String, byte[]> record(TaskProgress progress) {
        var id = progress.job() + "/" + progress.task() + "/" + progress.attempt() + "/" + progress.phase() + "/"
                + progress.step();
        return record(
                Topic.PROGRESS, progress.job(), "io.atelier.task.progressed.v1", id, progress.at(), progress, null);
    }

    /** What a worker says of itself. */
    public ProducerRecord<String, byte[]> record(WorkerAnnounced worker) {
        var id = worker.id() + "/" + worker.at().toEpochMilli();
        return record(Topic.WORKERS, worker.id(), "io.atelier.worker.announced.v1", id, worker.at(), worker, null);
    }

    /** A letter for people. */
    public ProducerRecord<String, byte[]> record(DeadLetter letter) {
        var id = letter.topic() + "/" + letter.partition() + "/" + letter.offset() + "/buried";
        return record(Topic.DEAD_LETTERS, letter.key(), "io.atelier.task.buried.v1", id, letter.at(), letter, null);
    }

    /**
     * A public event.
     *
     * @param eventId the same for every repetition of the same event
     */
    public ProducerRecord<String, byte[]> record(GenerationEvent event, String eventId) {
        return record(Topic.EVENTS, event.id(), event.type(), eventId, event.at(), event, event.version());
    }

    /** The state of a job, for the compacted topic. */
    public ProducerRecord<String, byte[]> record(Job job, Instant at) {
        var id = job.id() + "/" + job.version();
        return record(Topic.JOBS, job.id(), "io.atelier.generation.state.v1", id, at, job, job.version());
    }

    /** Takes the last state of a job out of the compacted topic. Means: forgotten, and nothing else. */
    public static ProducerRecord<String, byte[]> tombstone(JobId job) {
        return new ProducerRecord<>(Topic.JOBS, job.value(), null);
    }

    /** The event in a record; empty if it is of a kind that this version does not know. */
    public static Optional<JobEvent> event(Headers headers, byte[] value) {
        return Optional.ofNullable(EVENTS.get(type(headers))).map(kind -> read(value, kind));
    }

    /** The event of the given CloudEvents type in a JSON value; empty if this version does not know the type. */
    public static Optional<JobEvent> event(String type, JsonNode value) {
        return Optional.ofNullable(EVENTS.get(type)).map(kind -> JSON.treeToValue(value, kind));
    }

    /** The topic that an order for generator workers belongs to. */
    public static String topicOf(JobEvent.GenerationRequested order) {
        return Topic.generationRequested(order.request().pool());
    }

    /** The CloudEvents type under which an event travels. */
    public static String typeOf(JobEvent event) {
        return EVENTS.entrySet().stream()
                .filter(entry -> entry.getValue() == event.getClass())
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    /** The CloudEvents type of a record; the empty string if it has none. */
    public static String type(Headers headers) {
        return header(headers, TYPE_HEADER);
    }

    /** A header's text; the empty string if the record lacks it. */
    public static String header(Headers headers, String name) {
        @Nullable Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    /**
     * The value in a record.
     *
     * @throws UnreadableRecord if the bytes are not the JSON of such a value
     */
    public static <T> T read(byte[] value, Class<T> kind) {
        try {
            return JSON.readValue(value, kind);
        } catch (JacksonException e) {
            throw new UnreadableRecord("Not a " + kind.getSimpleName() + ": " + e.getOriginalMessage(), e);
        }
    }

    private ProducerRecord<String, byte[]> record(
            String topic, JobId job, String type, String id, Instant at, Object data, @Nullable Integer sequence) {
        return record(topic, job.value(), type, id, at, data, sequence);
    }

    private ProducerRecord<String, byte[]> record(
            String topic, String key, String type, String id, Instant at, Object data, @Nullable Integer sequence) {
        var builder = CloudEventBuilder.v1()
                .withId(id)
                .withSource(source)
                .withType(type)
                .withSubject((topic.equals(Topic.WORKERS) ? "workers/" : "generations/") + key)
                .withTime(at.atOffset(ZoneOffset.UTC))
                .withExtension("partitionkey", key)
                .withData("application/json", JSON.writeValueAsBytes(data));
        Schemas.ofType(type).ifPresent(schema -> builder.withDataSchema(schema.uri()));
        if (sequence != null) {
            builder.withExtension("sequence", sequence.toString());
        }
        CloudEvent event = builder.build();
        ProducerRecord<String, byte[]> written =
                KafkaMessageFactory.createWriter(topic, null, null, key).writeBinary(event);
        return written;
    }
}
