package io.atelier.gateway.lifecycle;

import io.atelier.gateway.streams.LifecycleTopics;
import io.atelier.messaging.Topic;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads what the topics contain of the recent and the open jobs. It reads the committed offsets of the lifecycle before the topics, so that all
 * outputs of a committed input are in the survey unless they are lost. If the lifecycle works in several partitions, it first waits until their copies
 * of the committed inputs are committed, too.
 *
 * <p>Not thread-safe; blocks.
 */
final class TopicSurveyor {

    /** Records of each task topic that are read at least: more than a machine that loses power has not yet written to its disk. */
    private static final long RECENT_RECORDS = 2_000;

    /** Records of each partition that are read at most. A job whose request is older is not surveyed. */
    private static final long MAX_RECORDS = 1_000_000;

    /** The topics of tasks that are no requests for images. */
    private static final List<String> OTHER_TASKS =
            List.of(Topic.SPLIT_REQUESTED, Topic.PROMPT_REQUESTED, Topic.PUBLISH_REQUESTED);

    /** How much the clock that set {@code createdAt} may be ahead of the clock of the broker. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(1);

    private final Consumer<String, byte[]> consumer;
    private final GroupOffsets groups;
    private final JobPartitions partitions;
    private final Set<Integer> own;
    private final List<String> pools;
    private final PublishedJobs published;
    private final InstantSource clock;
    private final Duration timeout;

    /**
     * Creates a surveyor.
     *
     * @param consumer consumer without a group; the caller closes it
     * @param partitions in which the lifecycle works
     * @param own the partitions whose jobs are to be surveyed
     * @param timeout limit of each request of the consumer, and of the reading of each kind of topics
     */
    TopicSurveyor(
            Consumer<String, byte[]> consumer,
            GroupOffsets groups,
            JobPartitions partitions,
            Set<Integer> own,
            List<String> pools,
            PublishedJobs published,
            InstantSource clock,
            Duration timeout) {
        this.consumer = consumer;
        this.groups = groups;
        this.partitions = partitions;
        this.own = Set.copyOf(own);
        this.pools = List.copyOf(pools);
        this.published = published;
        this.clock = clock;
        this.timeout = timeout;
    }

    /**
     * Surveys all jobs that have not ended, and those of the last 2,000 requests of each pool and of the last 2,000 reports.
     *
     * @throws IllegalStateException if the brokers do not answer in time, or if the lifecycle stands still in all partitions
     */
    TopicSurvey survey() throws InterruptedException {
        var begunAt = clock.instant();
        var committed = groups.committed();
        var processed = processed();
        var deliveries = groups.deliveries(pools);
        var traces = new TraceCollector(committed, deliveries);
        published.open().forEach((job, createdAt) -> traces.add(job, createdAt.minus(CLOCK_TOLERANCE)));
        var workers = new BusyWorkers(begunAt);

        var reader = new TopicReader(consumer, timeout);
        var requests = Topic.generationsRequested(pools);
        var complete = new ArrayList<Instant>();
        // A request that is found here has all its later records, whichever earlier ones were deleted. Its tasks may be
        // in the topics of requests, so it is found before them.
        reader.read(List.of(Topic.TASK_REPORTS), begunAt, RECENT_RECORDS, MAX_RECORDS, traces::reportedRequest);
        complete.add(
                reader.read(requests, traces.earliest().orElse(begunAt), RECENT_RECORDS, MAX_RECORDS, traces::request));
        var from = traces.earliest().orElse(begunAt);
        var forwarded = pools.stream().map(Topic::generationForwarded).toList();
        complete.add(reader.read(OTHER_TASKS, from, 0, MAX_RECORDS, traces::task));
        complete.add(reader.read(forwarded, from, 0, MAX_RECORDS, traces::task));
        complete.add(
                reader.read(List.of(Topic.TASK_REPORTS, Topic.CANCELLATIONS), from, 0, MAX_RECORDS, traces::input));
        complete.add(reader.read(List.of(Topic.EVENTS), from, 0, MAX_RECORDS, traces::event));
        complete.add(reader.read(List.of(Topic.WEBHOOK_DELIVERIES), from, 0, MAX_RECORDS, traces::delivery));
        complete.add(reader.read(List.of(Topic.JOBS), from, 0, MAX_RECORDS, traces::state));
        reader.read(List.of(Topic.WORKERS), Instant.EPOCH, 0, MAX_RECORDS, workers::add);

        // A job whose first records were deleted meanwhile would seem to have lost them.
        var since = complete.stream().max(Instant::compareTo).orElse(begunAt);
        return new TopicSurvey(
                begunAt, processed, traces.finish(since, published), workers.startTimes(), skipped(deliveries));
    }

    /** The partitions that have processed all inputs that are committed. Where the lifecycle works in several, these inputs are only copied to them. */
    private Set<Integer> processed() throws InterruptedException {
        if (!partitions.areSeveral()) {
            return own;
        }
        var processed = groups.awaitCommitted(LifecycleTopics.INPUTS_BY_JOB, own);
        if (processed.isEmpty()) {
            throw new IllegalStateException(
                    "The lifecycle has not processed its inputs within %d s in any of the partitions %s"
                            .formatted(timeout.toSeconds(), own));
        }
        return processed;
    }

    private static Map<String, Long> skipped(Map<TopicPartition, Deliveries> deliveries) {
        return deliveries.entrySet().stream()
                .filter(entry -> entry.getValue().skipped() > 0)
                .collect(Collectors.toMap(
                        entry -> entry.getKey().topic(),
                        entry -> entry.getValue().skipped(),
                        Math::max));
    }
}
