package io.atelier.worker.lease;

import io.atelier.contract.job.DeviceName;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.TaskRequest;
import io.atelier.contract.work.PromptRequested;
import io.atelier.contract.work.PublishRequested;
import io.atelier.contract.work.SplitRequested;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.Topic;
import io.atelier.messaging.UnreadableRecord;
import java.time.Instant;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A topic of tasks, the share group of the workers that lease them, and how a task is read.
 *
 * @param <T> the type of the tasks
 * @param reader reads a task; throws {@link UnreadableRecord} for any other record
 * @param header extracts what is common to all types of tasks
 */
public record TaskQueue<T>(
        String topic,
        String group,
        Function<ConsumerRecord<String, byte[]>, T> reader,
        Function<T, TaskHeader> header) {

    /** The queue of the generator workers of a pool, without tasks that require a device. */
    public static TaskQueue<JobEvent.GenerationRequested> generations(String pool) {
        return new TaskQueue<>(
                Topic.generationRequested(pool), Topic.generators(pool), TaskQueue::generation, TaskHeader::of);
    }

    /** The queue of the generator workers of a pool that run models on a device of this kind. */
    public static TaskQueue<JobEvent.GenerationRequested> generations(String pool, DeviceName device) {
        return new TaskQueue<>(
                Topic.generationRequested(pool, device),
                Topic.generators(pool, device),
                TaskQueue::generation,
                TaskHeader::of);
    }

    /** The queue of the splitter workers. */
    public static TaskQueue<SplitRequested> splits() {
        return new TaskQueue<>(
                Topic.SPLIT_REQUESTED,
                Topic.SPLITTERS,
                record -> EventCodec.read(record.value(), SplitRequested.class),
                TaskHeader::of);
    }

    /** The queue of the generator workers that write prompts from personas. */
    public static TaskQueue<PromptRequested> prompts() {
        return new TaskQueue<>(
                Topic.PROMPT_REQUESTED,
                Topic.PROMPTERS,
                record -> EventCodec.read(record.value(), PromptRequested.class),
                TaskHeader::of);
    }

    /** The queue of the splitter workers that publish images of avatars. */
    public static TaskQueue<PublishRequested> publications() {
        return new TaskQueue<>(
                Topic.PUBLISH_REQUESTED,
                Topic.PUBLISHERS,
                record -> EventCodec.read(record.value(), PublishRequested.class),
                TaskHeader::of);
    }

    /** The queue of the generator workers of a pool for tasks that others of them forwarded. */
    public static TaskQueue<JobEvent.GenerationRequested> forwardedGenerations(String pool) {
        return new TaskQueue<>(
                Topic.generationForwarded(pool),
                Topic.forwardedGenerators(pool),
                TaskQueue::generation,
                TaskHeader::of);
    }

    private static JobEvent.GenerationRequested generation(ConsumerRecord<String, byte[]> record) {
        return EventCodec.event(record.headers(), record.value())
                .filter(JobEvent.GenerationRequested.class::isInstance)
                .map(JobEvent.GenerationRequested.class::cast)
                .orElseThrow(() -> new UnreadableRecord(
                        "Not a task for a generator but '" + EventCodec.type(record.headers()) + "'"));
    }

    /**
     * What is common to all types of tasks.
     *
     * @param task the name of the task within its job
     * @param attempt the number of the attempt that the first delivery of this task makes, from 1
     * @param maxAttempts the highest attempt that may be made
     * @param notBefore the earliest start; null for at once
     */
    public record TaskHeader(
            JobId job,
            String task,
            int attempt,
            int maxAttempts,
            @Nullable Instant notBefore) {

        static TaskHeader of(TaskRequest task) {
            return new TaskHeader(task.job(), task.task(), task.attempt(), task.maxAttempts(), task.notBefore());
        }

        /** Identifies the task: equal for all its records and deliveries. */
        String key() {
            return job + "/" + task + "/" + attempt;
        }
    }
}
