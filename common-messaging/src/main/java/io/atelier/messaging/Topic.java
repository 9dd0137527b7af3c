package io.atelier.messaging;

import io.atelier.contract.job.DeviceName;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.work.WorkerCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.record.TimestampType;

/**
 * The names and the configuration of all topics and share groups. The key of a record is the job's id, except in {@link #WORKERS}, {@link #WORKER_COMMANDS} and
 * {@link #WEBHOOK_DELIVERIES}. Brokers never create topics automatically; {@link TopicProvisioner} does.
 */
public final class Topic {

    /**
     * The partitions of the task topics and of the topics that the lifecycle reads together with them. A share group assigns each partition to
     * as few workers as possible: with more partitions a task could wait for a busy worker although another one is free.
     */
    private static final int INTERNAL_PARTITIONS = 1;

    /** The partitions of the topics with subscribers. Fixed within v1, because keys must not move to other partitions. */
    private static final int PUBLIC_PARTITIONS = 8;

    private static final Duration SHORT_RETENTION = Duration.ofDays(1);

    /** The prefix of all topic names. */
    public static final String PREFIX = "atelier.";

    /** Tasks for splitter workers. */
    public static final String SPLIT_REQUESTED = PREFIX + "split-requested";

    /** Tasks for generator workers to write a prompt from a persona. */
    public static final String PROMPT_REQUESTED = PREFIX + "prompt-requested";

    /** Tasks for splitter workers to publish images of an avatar. */
    public static final String PUBLISH_REQUESTED = PREFIX + "publish-requested";

    /**
     * Reports of workers about tasks, passed deadlines, released jobs, and requests of jobs whose first task is no task for the generator workers
     * of a pool: those that only split images, and avatars. Only the lifecycle reads it.
     */
    public static final String TASK_REPORTS = PREFIX + "task-reports";

    /** Cancellation and erasure requests, which the lifecycle and every worker read. */
    public static final String CANCELLATIONS = PREFIX + "cancellations";

    /** Requests to all workers that are of no use some minutes later, see {@link WorkerCommand}. The key is what a request is about. */
    public static final String WORKER_COMMANDS = PREFIX + "worker-commands";

    /** Heartbeats of workers, keyed by the worker's id. Compacted. */
    public static final String WORKERS = PREFIX + "workers";

    /** Progress of running tasks, for display only; records may be lost. */
    public static final String PROGRESS = PREFIX + "progress";

    /** Public events of jobs. */
    public static final String EVENTS = PREFIX + "events";

    /** Public states of jobs. Compacted: the last state of each job is kept until the job is purged. */
    public static final String JOBS = PREFIX + "jobs";

    /** Tasks that were given up, see {@link DeadLetter}. */
    public static final String DEAD_LETTERS = PREFIX + "dead-letters";

    /** Messages to the webhooks of jobs and what became of them, see {@link WebhookDelivery}. The key is the delivery's id. Compacted. */
    public static final String WEBHOOK_DELIVERIES = PREFIX + "webhook-deliveries";

    private Topic() {}

    /** Tasks for the generator workers of a pool. The gateway writes the first task of a job and accepts the job with it. */
    public static String generationRequested(String pool) {
        return PREFIX + "generation-requested." + pool;
    }

    /** Tasks for the generator workers of a pool that run models on a device. */
    public static String generationRequested(String pool, DeviceName device) {
        return PREFIX + "generation-requested-" + device.kind() + "." + pool;
    }

    /**
     * Tasks of a pool that a worker passed on because it lacks their model. Only workers with models of their own lease from it. Copies of records of
     * the other topics of the pool, so that the lifecycle need not read them.
     */
    public static String generationForwarded(String pool) {
        return PREFIX + "generation-forwarded." + pool;
    }

    /** All topics with new tasks for the generator workers of a pool: for any device, and for each kind of devices. */
    public static List<String> generationsRequested(String pool) {
        return Stream.concat(
                        Stream.of(generationRequested(pool)),
                        DeviceName.KINDS.stream().map(kind -> generationRequested(pool, new DeviceName(kind))))
                .toList();
    }

    /** All topics with new tasks for the generator workers of some pools. */
    public static List<String> generationsRequested(Collection<String> pools) {
        return pools.stream()
                .map(Topic::generationsRequested)
                .flatMap(List::stream)
                .toList();
    }

    /** The share group of the generator workers of a pool. */
    public static String generators(String pool) {
        return "generators." + pool;
    }

    /** The share group of the generator workers of a pool that lease tasks for a device. */
    public static String generators(String pool, DeviceName device) {
        return "generators-" + device.kind() + "." + pool;
    }

    /** The share group of the generator workers of a pool that lease forwarded tasks. */
    public static String forwardedGenerators(String pool) {
        return "generators-forwarded." + pool;
    }

    /** The share group of the splitter workers. */
    public static final String SPLITTERS = "splitters";

    /** The share group of the generator workers that write prompts from personas. */
    public static final String PROMPTERS = "prompters";

    /** The share group of the splitter workers that publish images of avatars. */
    public static final String PUBLISHERS = "publishers";

    /** The topic of an input event of the lifecycle. */
    public static String of(JobEvent event) {
        if (event instanceof JobEvent.GenerationRequested task) {
            // The submission of a split or of an avatar is no task for generator workers: the lifecycle makes the
            // tasks from the request.
            boolean hasOtherTasks = task.request().avatar() != null && task.byClient();
            return task.request().splitsOnly() || hasOtherTasks ? TASK_REPORTS : generationRequested(task.request());
        }
        return event instanceof JobEvent.CancelRequested || event instanceof JobEvent.EraseRequested
                ? CANCELLATIONS
                : TASK_REPORTS;
    }

    private static String generationRequested(GenerationRequest request) {
        var device = request.device();
        return device == null ? generationRequested(request.pool()) : generationRequested(request.pool(), device);
    }

    /**
     * The configuration of all topics of a system with the given pools.
     *
     * @param replication number of brokers that store each record, from 1. A write needs all of them except one, and at least one
     */
    public static List<NewTopic> all(Collection<String> pools, int replication) {
        var topics = new ArrayList<NewTopic>();
        generationsRequested(pools).forEach(topic -> topics.add(taskTopic(topic, replication)));
        pools.forEach(pool -> topics.add(taskTopic(generationForwarded(pool), replication)));
        topics.add(taskTopic(SPLIT_REQUESTED, replication));
        topics.add(taskTopic(PROMPT_REQUESTED, replication));
        topics.add(taskTopic(PUBLISH_REQUESTED, replication));
        topics.add(topic(TASK_REPORTS, INTERNAL_PARTITIONS, replication, deletedAfter(Duration.ofDays(7))));
        // As long as tasks: a worker that leases an old task must still know that it was canceled.
        topics.add(topic(CANCELLATIONS, INTERNAL_PARTITIONS, replication, deletedAfter(Duration.ofDays(7))));
        topics.add(topic(WORKER_COMMANDS, INTERNAL_PARTITIONS, replication, deletedAfter(Duration.ofHours(1))));
        topics.add(topic(WORKERS, INTERNAL_PARTITIONS, replication, compactedFor(Duration.ofDays(7))));
        topics.add(topic(PROGRESS, PUBLIC_PARTITIONS, replication, deletedAfter(Duration.ofHours(1))));
        topics.add(topic(EVENTS, PUBLIC_PARTITIONS, replication, deletedAfter(Duration.ofDays(30))));
        topics.add(topic(DEAD_LETTERS, PUBLIC_PARTITIONS, replication, deletedAfter(Duration.ofDays(30))));
        topics.add(topic(WEBHOOK_DELIVERIES, INTERNAL_PARTITIONS, replication, compactedFor(Duration.ofDays(30))));
        var compacted = Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        topics.add(topic(JOBS, PUBLIC_PARTITIONS, replication, compacted));
        return List.copyOf(topics);
    }

    /** The configuration of a topic of tasks that workers lease. */
    public static NewTopic taskTopic(String name, int replication) {
        return topic(name, INTERNAL_PARTITIONS, replication, deletedAfter(Duration.ofDays(7)));
    }

    /**
     * Brokers delete no segment that is written to, and write to one for a week. Segments of a quarter of a short retention end it in time also if
     * records never cease.
     */
    private static Map<String, String> deletedAfter(Duration retention) {
        var configs = new HashMap<String, String>();
        configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        configs.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()));
        if (retention.compareTo(SHORT_RETENTION) < 0) {
            configs.put(
                    TopicConfig.SEGMENT_MS_CONFIG,
                    Long.toString(retention.dividedBy(4).toMillis()));
        }
        return configs;
    }

    /** Keeps the last record of each key, but not longer than the retention. Small segments make compaction start early. */
    private static Map<String, String> compactedFor(Duration retention) {
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG,
                Long.toString(retention.toMillis()),
                TopicConfig.SEGMENT_MS_CONFIG,
                Long.toString(Duration.ofHours(1).toMillis()),
                TopicConfig.SEGMENT_BYTES_CONFIG,
                Integer.toString(8 << 20));
    }

    private static NewTopic topic(String name, int partitions, int replication, Map<String, String> retention) {
        var configs = new HashMap<>(retention);
        configs.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, TimestampType.LOG_APPEND_TIME.name);
        configs.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(Math.max(1, replication - 1)));
        return new NewTopic(name, partitions, (short) replication).configs(configs);
    }
}
