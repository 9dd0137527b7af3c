package io.atelier.gateway.lifecycle;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Hands the surveys of the {@link ReconciliationScheduler} to the thread of the lifecycle, which alone decides about jobs. Counts what was
 * repaired. Thread-safe.
 */
final class ReconciliationQueue {

    private final AtomicReference<@Nullable TopicSurvey> next = new AtomicReference<>();
    private final AtomicInteger processors = new AtomicInteger();
    private final AtomicInteger repairs = new AtomicInteger();
    private final Map<Discrepancy, Counter> counters = new EnumMap<>(Discrepancy.class);

    ReconciliationQueue(MeterRegistry meters) {
        for (var kind : Discrepancy.values()) {
            counters.put(
                    kind,
                    Counter.builder("atelier.lifecycle.reconciled")
                            .description("Discrepancies between topics and lifecycle that were repaired")
                            .tag("kind", kind.word())
                            .register(meters));
        }
    }

    /** A processor of this gateway can take surveys. */
    void processorStarted() {
        processors.incrementAndGet();
    }

    /** The processor takes no more surveys. */
    void processorStopped() {
        processors.decrementAndGet();
        next.set(null);
    }

    /** Whether the lifecycle runs in this gateway and has taken the last survey. */
    boolean awaitsSurvey() {
        return processors.get() > 0 && next.get() == null;
    }

    void offer(TopicSurvey survey) {
        next.set(survey);
    }

    /** Takes the survey; null if there is none. */
    @Nullable
    TopicSurvey poll() {
        return next.getAndSet(null);
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
