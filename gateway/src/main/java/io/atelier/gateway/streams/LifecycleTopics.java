package io.atelier.gateway.streams;

/** The names that Kafka Streams derives from the application id of the lifecycle in lifecycle.yml. */
public final class LifecycleTopics {

    /** The application id, and so the consumer group. */
    public static final String GROUP = "atelier-lifecycle";

    /** The copies of all inputs by job; exists only if the lifecycle works in more than one partition. */
    public static final String INPUTS_BY_JOB = GROUP + "-inputs-repartition";

    /** The log of the histories of the jobs. It has as many partitions as the lifecycle works in. */
    public static final String HISTORIES = GROUP + "-job-histories-changelog";

    private LifecycleTopics() {}
}
