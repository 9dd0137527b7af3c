package io.atelier.messaging;

import io.atelier.contract.job.JobEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.record.TimestampType;

/**
 * Every topic of the system: its name, how it is kept, how many partitions it has. All but one are keyed by the job's id. None is ever made
 * by the broker on its own.
 */
public final class Topic {

    /**
     * The partitions of a topic of orders, and of the reports, which the lifecycle reads together with them. Share groups give each
     * partition to as few workers as they can, so that with more partitions an order could wait for a busy worker beside a free one.
     */
    private static final int ONE = 1;

    /** The partitions of the topics that others subscribe to. Fixed for the life of v1: keys must not move. */
    private static final int MANY = 8;

    public static final String PREFIX = "atelier.";

    /** Orders for splitter workers. */
    public static final String SPLIT_REQUESTED = PREFIX + "split-requested";

    /** What workers say of their tasks; only the lifecycle listens. */
    public static final String TASK_REPORTS = PREFIX + "task-reports";

    /** Who wants a job to end or to be erased; the lifecycle listens, and every worker. */
    public static final String CANCELLATIONS = PREFIX + "cancellations";

    /** Who works here: the last word of each worker. Keyed by the worker's id. */
    public static final String WORKERS = PREFIX + "workers";

    /** How far tasks are; lossy, for display only. */
    public static final String PROGRESS = PREFIX + "progress";

    /** The public contract: what the world hears of jobs. */
    public static final String EVENTS = PREFIX + "events";

    /** Where jobs stand: the last state of each, for ever. */
    public static final String JOBS = PREFIX + "jobs";

    /** What nobody will try again. */
    public static final String DEAD_LETTERS = PREFIX + "dead-letters";

    private Topic() {}

    /** Orders for the generator workers of a pool. The gateway writes a job's first one, and with it accepts the job. */
    public static String generationRequested(String pool) {
        return PREFIX + "generation-requested." + pool;
    }

    /** The share group of the generator workers of a pool. */
    public static String generators(String pool) {
        return "generators." + pool;
    }

    /** The share group of the splitter workers. */
    public static final String SPLITTERS = "splitters";

    /** Where an event belongs: an order for generators to its pool's topic, what ends a job early to its own, all else to the reports. */
    public static String of(JobEvent event) {
        if (event instanceof JobEvent.GenerationRequested order) {
            return generationRequested(order.request().pool());
        }
        return event instanceof JobEvent.CancelRequested || event instanceof JobEvent.EraseRequested
                ? CANCELLATIONS
                : TASK_REPORTS;
    }

    /**
     * Every topic of a system with the given pools, as it is to be made.
     *
     * @param replication on how many brokers a record lies, from 1; from 3 on, a write needs all of them but one
     */
    public static List<NewTopic> all(Collection<String> pools, int replication) {
        var topics = new ArrayList<NewTopic>();
        pools.forEach(pool -> topics.add(work(generationRequested(pool), replication)));
        topics.add(work(SPLIT_REQUESTED, replication));
        topics.add(topic(TASK_REPORTS, ONE, replication, keptFor(Duration.ofDays(7))));
        // As long as the orders: a worker that gets an old one must still know that nobody wants it.
        topics.add(topic(CANCELLATIONS, ONE, replication, keptFor(Duration.ofDays(7))));
        topics.add(topic(WORKERS, ONE, replication, latestOfTheLast(Duration.ofDays(7))));
        topics.add(topic(PROGRESS, MANY, replication, keptFor(Duration.ofHours(1))));
        topics.add(topic(EVENTS, MANY, replication, keptFor(Duration.ofDays(30))));
        topics.add(topic(DEAD_LETTERS, MANY, replication, keptFor(Duration.ofDays(30))));
        var latest = Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        topics.add(topic(JOBS, MANY, replication, latest));
        return List.copyOf(topics);
    }

    /** A topic of orders that workers lease, as it is to be made. */
    public static NewTopic work(String name, int replication) {
        return topic(name, ONE, replication, keptFor(Duration.ofDays(7)));
    }

    private static Map<String, String> keptFor(Duration retention) {
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG,
                Long.toString(retention.toMillis()));
    }

    /** The last record of each key, unless that is older. Small segments, so that the many that are out of date soon go. */
    private static Map<String, String> latestOfTheLast(Duration retention) {
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
