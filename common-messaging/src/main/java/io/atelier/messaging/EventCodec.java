package io.atelier.messaging;

import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.TaskRequest;
import io.atelier.contract.schema.Schemas;
import io.atelier.contract.work.PromptRequested;
import io.atelier.contract.work.PublishRequested;
import io.atelier.contract.work.SplitRequested;
import io.atelier.contract.work.TaskProgress;
import io.atelier.contract.work.WorkerAnnounced;
import io.atelier.contract.work.WorkerCommand;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.module.blackbird.BlackbirdModule;

/**
 * Converts events, tasks and states to Kafka records and back. Records are CloudEvents 1.0 in Kafka's binary content mode, with JSON data in
 * snake case. Thread-safe.
 *
 * <p>The {@code record} methods choose topic, key, CloudEvents type and id. The id of an event is derived from its content, so that a
 * repetition has the same id. Public records name their JSON Schema in {@code dataschema}. Readers ignore unknown fields, so that later
 * versions may add some.
 */
public final class EventCodec {

    private static final String TYPE_HEADER = "ce_type";
    private static final String SUBJECT_HEADER = "ce_subject";
    static final String JOB_SUBJECT = "generations/";

    private static final Map<String, Class<? extends JobEvent>> EVENTS = Map.of(
            "io.atelier.generation.requested.v1", JobEvent.GenerationRequested.class,
            "io.atelier.task.started.v1", JobEvent.TaskStarted.class,
            "io.atelier.task.succeeded.v1", JobEvent.TaskSucceeded.class,
            "io.atelier.task.failed.v1", JobEvent.TaskFailed.class,
            "io.atelier.task.canceled.v1", JobEvent.TaskCanceled.class,
            "io.atelier.cancellation.requested.v1", JobEvent.CancelRequested.class,
            "io.atelier.erasure.requested.v1", JobEvent.EraseRequested.class,
            "io.atelier.moment.passed.v1", JobEvent.DeadlinePassed.class,
            "io.atelier.hold.released.v1", JobEvent.Released.class);

    private static final Map<Class<? extends JobEvent>, String> TYPES =
            EVENTS.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            // Reflection takes 2 % of the processor time of a job (in pairs of two builds under the same load).
            .addModule(new BlackbirdModule())
            .addModule(new RecordInstantModule())
            .build();

    private final URI source;

    /**
     * Creates a codec for a writer.
     *
     * @param component name in the CloudEvents source of each record, such as {@code gateway} or {@code generator}
     */
    public EventCodec(String component) {
        this.source = URI.create("urn:atelier:" + component);
    }

    /** The mapper for the values of all records. */
    public static JsonMapper json() {
        return JSON;
    }

    /** A record of an input event of the lifecycle, for the given topic. */
    public ProducerRecord<String, byte[]> record(String topic, JobEvent event) {
        var type = typeOf(event);
        var id = event.job() + "/" + event.fingerprint();
        return record(topic, event.job(), type, id, event.at(), event, null);
    }

    /**
     * A record of a task that workers lease, on the topic of its kind.
     *
     * @throws IllegalArgumentException if the task is of another kind
     */
    public ProducerRecord<String, byte[]> record(TaskRequest task) {
        if (task instanceof JobEvent.GenerationRequested generation) {
            return record(Topic.of(generation), generation);
        }
        if (task instanceof SplitRequested) {
            return task(Topic.SPLIT_REQUESTED, "io.atelier.split.requested.v1", task);
        }
        if (task instanceof PromptRequested) {
            return task(Topic.PROMPT_REQUESTED, "io.atelier.prompt.requested.v1", task);
        }
        if (task instanceof PublishRequested) {
            return task(Topic.PUBLISH_REQUESTED, "io.atelier.publish.requested.v1", task);
        }
        throw new IllegalArgumentException("No topic for tasks of " + task.getClass());
    }

    private ProducerRecord<String, byte[]> task(String topic, String type, TaskRequest task) {
        var id = task.job() + "/" + task.task() + "/" + task.attempt() + "/requested";
        return record(topic, task.job(), type, id, task.at(), task, null);
    }

    /** A record of the progress of a running task. */
    public ProducerRecord<String, byte[]> record(TaskProgress progress) {
        var preview = progress.preview();
        var id = progress.job() + "/" + progress.task() + "/" + progress.attempt() + "/" + progress.phase() + "/"
                + progress.step() + (preview == null ? "" : "/preview-" + preview.number());
        return record(
                Topic.PROGRESS, progress.job(), "io.atelier.task.progressed.v1", id, progress.at(), progress, null);
    }

    /** A record of a worker's heartbeat. */
    public ProducerRecord<String, byte[]> record(WorkerAnnounced worker) {
        var id = worker.id() + "/" + worker.at().toEpochMilli();
        return record(Topic.WORKERS, worker.id(), "io.atelier.worker.announced.v1", id, worker.at(), worker, null);
    }

    /** A record of a request to all workers. */
    public ProducerRecord<String, byte[]> record(WorkerCommand command) {
        var subject = command.subject();
        var id = subject + "/requested/" + command.at().toEpochMilli();
        return record(
                Topic.WORKER_COMMANDS, subject, WorkerCommandTypes.typeOf(command), id, command.at(), command, null);
    }

    /** A record of a dead letter. Its id is the position of the task's record. */
    public ProducerRecord<String, byte[]> record(DeadLetter deadLetter) {
        var id = deadLetter.topic() + "/" + deadLetter.partition() + "/" + deadLetter.offset() + "/buried";
        return record(
                Topic.DEAD_LETTERS,
                deadLetter.key(),
                "io.atelier.task.buried.v1",
                id,
                deadLetter.at(),
                deadLetter,
                null);
    }

    /** A record of a delivery to a webhook. Its id differs for each attempt, but not for a repetition of the same state. */
    public ProducerRecord<String, byte[]> record(WebhookDelivery delivery) {
        var id = delivery.id() + "/" + delivery.attempts().size() + "/"
                + delivery.status().word();
        return record(
                Topic.WEBHOOK_DELIVERIES,
                delivery.id(),
                "io.atelier.webhook.delivery.v1",
                id,
                delivery.createdAt(),
                delivery,
                null);
    }

    /**
     * A record of a public event.
     *
     * @param eventId CloudEvents id, equal for each repetition of the event
     */
    public ProducerRecord<String, byte[]> record(GenerationEvent event, String eventId) {
        return record(Topic.EVENTS, event.id(), event.type(), eventId, event.at(), event, event.version());
    }

    /**
     * A record of the public state of a job.
     *
     * @param at when the job reached the state
     */
    public ProducerRecord<String, byte[]> record(Job job, Instant at) {
        var id = job.id() + "/" + job.version();
        return record(Topic.JOBS, job.id(), "io.atelier.generation.state.v1", id, at, job, job.version());
    }

    /** A record that deletes a purged job from the compacted topic of states. */
    public static ProducerRecord<String, byte[]> tombstone(JobId job) {
        return new ProducerRecord<>(Topic.JOBS, job.value(), null);
    }

    /**
     * A record that deletes a delivery of an erased job.
     *
     * @param id see {@link WebhookDelivery#id}
     */
    public static ProducerRecord<String, byte[]> deliveryTombstone(String id) {
        return new ProducerRecord<>(Topic.WEBHOOK_DELIVERIES, id, null);
    }

    /**
     * The input event of the lifecycle in a record; empty if this version does not support the type.
     *
     * @throws UnreadableRecord if the value is not the JSON of such an event
     */
    public static Optional<JobEvent> event(Headers headers, byte[] value) {
        return Optional.ofNullable(EVENTS.get(type(headers))).map(kind -> read(value, kind));
    }

    /** The input event of the given CloudEvents type in a JSON value; empty if this version does not support the type. */
    public static Optional<JobEvent> event(String type, JsonNode value) {
        return Optional.ofNullable(EVENTS.get(type)).map(kind -> JSON.treeToValue(value, kind));
    }

    /**
     * The request to all workers in a record; empty if it is another record, or this version does not support the type.
     *
     * @throws UnreadableRecord if the value is not the JSON of such a request
     */
    public static Optional<WorkerCommand> command(Headers headers, byte[] value) {
        return WorkerCommandTypes.commandOf(type(headers)).map(kind -> read(value, kind));
    }

    /** The CloudEvents type of an input event of the lifecycle. */
    public static String typeOf(JobEvent event) {
        return Objects.requireNonNull(TYPES.get(event.getClass()));
    }

    /** The CloudEvents type of a record; the empty string if the header is missing. */
    public static String type(Headers headers) {
        return header(headers, TYPE_HEADER);
    }

    /** The job that a record is about, also if that is not its key; empty if it is about none. */
    public static Optional<JobId> subject(Headers headers) {
        var subject = header(headers, SUBJECT_HEADER);
        return subject.startsWith(JOB_SUBJECT)
                ? JobId.parse(subject.substring(JOB_SUBJECT.length()))
                : Optional.empty();
    }

    /** The text of a header; the empty string if the header is missing. */
    public static String header(Headers headers, String name) {
        @Nullable Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    /**
     * Parses the value of a record.
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
                .withSubject(subject(topic, key, data))
                .withTime(at.atOffset(ZoneOffset.UTC))
                .withExtension("partitionkey", key)
                .withData("application/json", JSON.writeValueAsBytes(data));
        Schemas.ofType(type).ifPresent(schema -> builder.withDataSchema(schema.uri()));
        if (sequence != null) {
            builder.withExtension("sequence", sequence.toString());
        }
        CloudEvent event = builder.build();
        ProducerRecord<String, byte[]> record =
                KafkaMessageFactory.createWriter(topic, null, null, key).writeBinary(event);
        return record;
    }

    private static String subject(String topic, String key, Object data) {
        if (topic.equals(Topic.WORKERS)) {
            return "workers/" + key;
        }
        if (data instanceof WorkerCommand command) {
            return WorkerCommandTypes.subjectOf(command);
        }
        return JOB_SUBJECT
                + (data instanceof WebhookDelivery delivery ? delivery.job().value() : key);
    }
}
