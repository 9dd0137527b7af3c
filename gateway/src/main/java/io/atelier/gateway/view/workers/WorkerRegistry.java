package io.atelier.gateway.view.workers;

import io.atelier.contract.work.WorkerAnnounced;
import io.atelier.gateway.view.models.EngineCondition;
import io.atelier.gateway.view.models.ModelAvailability;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;

/**
 * The last word of each worker, for as long as the topic keeps it. Thread-safe.
 *
 * <p>Who is heard is alive, whatever time the record bears, for the clock of a worker may be wrong. Only what is read of the past, while the
 * board catches up, is as old as it says.
 */
public final class WorkerRegistry implements ModelAvailability {

    private static final Duration REMEMBERED = Duration.ofDays(7);

    private static final EngineCondition NOBODY = new EngineCondition(EngineCondition.NO_WORKER, "");
    private static final Comparator<EngineCondition> BEST_FIRST = Comparator.comparing(
            condition -> List.of(EngineCondition.READY, EngineCondition.FAILING, EngineCondition.NOT_CONFIGURED)
                    .indexOf(condition.state()));

    private final Map<String, RegisteredWorker> workers = new ConcurrentHashMap<>();
    private final Clock clock;
    private volatile boolean assigned;
    private volatile long end;
    private volatile boolean caughtUp;

    public WorkerRegistry(Clock clock) {
        this.clock = clock;
    }

    /** Reads on from an offset; what lies before the end is of the past. */
    public void catchUp(long next, long endOffset) {
        end = endOffset;
        caughtUp = caughtUp || next >= endOffset;
        assigned = true;
    }

    /**
     * Keeps what a worker said.
     *
     * @param offset of the record
     * @param written when it was written, by the clock of who wrote it
     */
    public void read(WorkerAnnounced said, long offset, Instant written) {
        var now = clock.instant();
        boolean past = assigned && offset < end;
        hear(said, past && written.isBefore(now) ? written : now);
        if (assigned && offset >= end - 1) {
            caughtUp = true;
        }
    }

    /** Keeps what a worker said at the given moment. */
    public void hear(WorkerAnnounced said, Instant at) {
        workers.put(said.id(), new RegisteredWorker(said, at));
        var oldest = clock.instant().minus(REMEMBERED);
        workers.values().removeIf(worker -> worker.lastSeenAt().isBefore(oldest));
    }

    /** Whether the past was read, so that who is not known has never been there. */
    public boolean caughtUp() {
        return caughtUp;
    }

    /** All that are known, the latest heard first. */
    public List<RegisteredWorker> all() {
        return workers.values().stream()
                .sorted(Comparator.comparing(RegisteredWorker::lastSeenAt)
                        .reversed()
                        .thenComparing(worker -> worker.said().id()))
                .toList();
    }

    public List<RegisteredWorker> live() {
        var now = clock.instant();
        return all().stream().filter(worker -> worker.status(now).live()).toList();
    }

    @Override
    public Present of(String pool) {
        return present(worker -> worker.serves(pool));
    }

    @Override
    public Present of(String pool, String engine) {
        return present(worker -> worker.has(pool, engine));
    }

    @Override
    public boolean lacks(String pool, String engine) {
        return caughtUp && of(pool, engine).live() == 0;
    }

    @Override
    public EngineCondition condition(String pool, String engine) {
        var said = new ArrayList<EngineCondition>();
        for (var worker : live()) {
            worker.condition(engine)
                    .filter(condition -> worker.serves(pool) || condition.is(EngineCondition.NOT_CONFIGURED))
                    .ifPresent(said::add);
        }
        return said.stream().min(BEST_FIRST).orElse(NOBODY);
    }

    @Override
    public Map<String, EngineCondition> conditions() {
        var best = new TreeMap<String, EngineCondition>();
        for (var worker : live()) {
            for (var engine : worker.engines()) {
                worker.condition(engine).ifPresent(said -> best.merge(engine, said, BinaryOperator.minBy(BEST_FIRST)));
            }
        }
        return best;
    }

    /** Whether a worker of the pool ever had the engine, as far back as the topic tells. */
    public boolean everHad(String pool, String engine) {
        return workers.values().stream().anyMatch(worker -> worker.has(pool, engine));
    }

    private Present present(Predicate<RegisteredWorker> wanted) {
        var now = clock.instant();
        return workers.values().stream()
                .filter(wanted.and(worker -> worker.status(now).live()))
                .map(worker -> new Present(1, worker.said().slots()))
                .reduce(Present.NOBODY, Present::plus);
    }
}
