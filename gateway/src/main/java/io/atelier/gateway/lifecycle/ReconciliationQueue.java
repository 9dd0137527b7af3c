package io.atelier.gateway.lifecycle;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Hands the surveys of the {@link ReconciliationScheduler} to the stream tasks of the lifecycle, which alone decide about jobs, to each the part about its own
 * jobs. Counts what was repaired. Thread-safe.
 */
final class ReconciliationQueue {

    /** The partitions whose stream tasks run in this gateway, since when. */
    private final Map<Integer, Instant> startedAt = new HashMap<>();

    /** The surveys that they have not taken yet. */
    private final Map<Integer, TopicSurvey> next = new HashMap<>();

    private final JobPartitions divided;
    private final AtomicInteger repairs = new AtomicInteger();
    private final Map<Discrepancy, Counter> counters = new EnumMap<>(Discrepancy.class);

    /** @param divided the partitions in which the lifecycle works */
    ReconciliationQueue(MeterRegistry meters, JobPartitions divided) {
        this.divided = divided;
        for (var kind : Discrepancy.values()) {
            counters.put(
                    kind,
                    Counter.builder("atelier.lifecycle.reconciled")
                            .description("Discrepancies between topics and lifecycle that were repaired")
                            .tag("kind", kind.word())
                            .register(meters));
        }
    }

    /** The stream task of a partition can take surveys that begin from now on: it does not know what changed before. */
    synchronized void processorStarted(int partition, Instant now) {
        startedAt.put(partition, now);
    }

    /** The stream task of a partition takes no more surveys. */
    synchronized void processorStopped(int partition) {
        startedAt.remove(partition);
        next.remove(partition);
    }

    /** The partitions whose stream tasks run in this gateway. */
    synchronized Set<Integer> partitions() {
        return Set.copyOf(startedAt.keySet());
    }

    /** Whether a stream task runs in this gateway that has taken the last survey. Those that stand still do not hold up the others. */
    synchronized boolean awaitsSurvey() {
        return !next.keySet().containsAll(startedAt.keySet());
    }

    synchronized void offer(TopicSurvey survey) {
        startedAt.forEach((partition, since) -> {
            if (survey.partitions().contains(partition) && !survey.begunAt().isBefore(since)) {
                next.put(partition, survey.of(partition, divided));
            }
        });
    }

    /** Takes the survey of the jobs of a partition; null if there is none. */
    synchronized @Nullable TopicSurvey poll(int partition) {
        return next.remove(partition);
    }

    /** Counts a repair. */
    void repaired(Discrepancy kind) {
        repairs.incrementAndGet();
        Objects.requireNonNull(counters.get(kind)).increment();
    }

    /** The number of repairs since the last call. */
    int takeRepairs() {
        return repairs.getAndSet(0);
    }
}
