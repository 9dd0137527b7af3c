package io.atelier.messaging;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Every topic of the system: its name, how it is kept, how many partitions it has. All are keyed by the job's id and have the same number
 * of partitions, so that what is said of a job meets in one task of the lifecycle. None is ever made by the broker on its own.
 */
public final class Topic {

    /** The partitions of every topic. Fixed for the life of v1: keys must not move. */
    public static final int PARTITIONS = 8;

    public static final String PREFIX = "atelier.";

    /** Orders for splitter workers. */
    public static final String SPLIT_REQUESTED = PREFIX + "split-requested";

    /** What workers say of their tasks; only the lifecycle listens. */
    public static final String TASK_REPORTS = PREFIX + "task-reports";

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

    /** A topic whose records go after the given time. */
    public static NewTopic keptFor(String name, Duration retention, short replication) {
        return new NewTopic(name, PARTITIONS, replication)
                .configs(Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        Long.toString(retention.toMillis())));
    }

    /** A topic that keeps the last record of each key. */
    public static NewTopic compacted(String name, short replication) {
        return new NewTopic(name, PARTITIONS, replication)
                .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
    }
}
