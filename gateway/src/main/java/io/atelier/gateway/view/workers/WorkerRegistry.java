package io.atelier.gateway.view.workers;

import io.atelier.contract.job.DeviceName;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.work.WorkerAnnounced;
import io.atelier.gateway.view.models.EngineCondition;
import io.atelier.gateway.view.models.Model;
import io.atelier.gateway.view.models.ModelAvailability;
import io.atelier.gateway.view.models.ModelLoad;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;

/**
 * The last announcement of each worker, for as long as the topic keeps it. Thread-safe.
 *
 * <p>A new record counts as seen now, whatever its timestamp is, because the clock of a worker may be wrong. Only for records that were
 * written before this gateway started, and are read while it catches up, does the timestamp count.
 */
public final class WorkerRegistry implements ModelAvailability {

    private static final Duration RETENTION = Duration.ofDays(7);

    private static final EngineCondition NO_WORKER = new EngineCondition(EngineCondition.NO_WORKER, "");
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

    /**
     * The topic was assigned; records before the end offset were written before that.
     *
     * @param next the offset of the next record
     */
    public void catchUp(long next, long endOffset) {
        end = endOffset;
        caughtUp = caughtUp || next >= endOffset;
        assigned = true;
    }

    /**
     * Stores the announcement of a record.
     *
     * @param offset of the record
     * @param timestamp of the record, by the clock of the worker
     */
    public void receive(WorkerAnnounced announcement, long offset, Instant timestamp) {
        var now = clock.instant();
        boolean isOld = assigned && offset < end;
        put(announcement, isOld && timestamp.isBefore(now) ? timestamp : now);
        if (assigned && offset >= end - 1) {
            caughtUp = true;
        }
    }

    /** Stores an announcement that was received at this time, and removes workers that were last seen seven days ago. */
    public void put(WorkerAnnounced announcement, Instant at) {
        workers.put(announcement.id(), new RegisteredWorker(announcement, at));
        var oldest = clock.instant().minus(RETENTION);
        workers.values().removeIf(worker -> worker.lastSeenAt().isBefore(oldest));
    }

    /** Whether all records from before the start were read, so that an unknown worker does not exist. */
    public boolean caughtUp() {
        return caughtUp;
    }

    /** All known workers, the last seen first. */
    public List<RegisteredWorker> all() {
        return workers.values().stream()
                .sorted(Comparator.comparing(RegisteredWorker::lastSeenAt)
                        .reversed()
                        .thenComparing(worker -> worker.announcement().id()))
                .toList();
    }

    /** All live workers, the last seen first. */
    public List<RegisteredWorker> live() {
        var now = clock.instant();
        return all().stream().filter(worker -> worker.status(now).live()).toList();
    }

    /** The models that known workers run themselves, in the order of their ids; of several with the same id the {@link ModelOffer#BEST_FIRST best offer}. */
    public List<Model> localModels() {
        var now = clock.instant();
        var byId = new TreeMap<String, ModelOffer>();
        workers.values().stream()
                .flatMap(worker -> worker.models().map(model -> ModelOffer.of(worker, model, now)))
                .forEach(offer -> byId.merge(offer.model().id(), offer, BinaryOperator.minBy(ModelOffer.BEST_FIRST)));
        return byId.values().stream().map(ModelOffer::model).toList();
    }

    @Override
    public LiveWorkers of(String pool) {
        return present(worker -> worker.serves(pool));
    }

    @Override
    public LiveWorkers of(String pool, String engine) {
        return present(worker -> worker.has(pool, engine));
    }

    @Override
    public boolean lacks(String pool, String engine) {
        return caughtUp && of(pool, engine).live() == 0;
    }

    @Override
    public boolean lacks(GenerationRequest request) {
        var device = request.device();
        return device == null
                ? lacks(request.pool(), request.engine())
                : caughtUp
                        && present(worker -> worker.has(request.pool(), request.engine(), device))
                                        .live()
                                == 0;
    }

    @Override
    public boolean lacksSplitter() {
        return caughtUp && present(RegisteredWorker::splits).live() == 0;
    }

    @Override
    public EngineCondition condition(String pool, String engine) {
        var reported = new ArrayList<EngineCondition>();
        for (var worker : live()) {
            worker.condition(engine)
                    .filter(condition -> worker.serves(pool) || condition.is(EngineCondition.NOT_CONFIGURED))
                    .ifPresent(reported::add);
        }
        return reported.stream().min(BEST_FIRST).orElse(NO_WORKER);
    }

    @Override
    public Optional<ModelLoad> load(String pool, String engine) {
        return load(engine, worker -> worker.has(pool, engine));
    }

    @Override
    public Optional<ModelLoad> load(String engine) {
        return load(engine, worker -> true);
    }

    private Optional<ModelLoad> load(String engine, Predicate<RegisteredWorker> condition) {
        return live().stream()
                .filter(condition)
                .flatMap(worker -> worker.localModel(engine).stream())
                .map(ModelLoad::of)
                .min(ModelLoad.SOONEST_FIRST);
    }

    @Override
    public Map<String, EngineCondition> conditions() {
        var best = new TreeMap<String, EngineCondition>();
        // A splitter reports itself as an engine, but generates nothing.
        for (var worker : live().stream().filter(RegisteredWorker::generates).toList()) {
            for (var engine : worker.engines()) {
                worker.condition(engine)
                        .ifPresent(reported -> best.merge(engine, reported, BinaryOperator.minBy(BEST_FIRST)));
            }
        }
        return best;
    }

    /** Whether any known worker of the pool, live or not, has the engine. */
    public boolean everHad(String pool, String engine) {
        return workers.values().stream().anyMatch(worker -> worker.has(pool, engine));
    }

    /** Whether any known worker of the pool, live or not, runs the engine on the device and leases tasks that require it. */
    public boolean everHad(String pool, String engine, DeviceName device) {
        return workers.values().stream().anyMatch(worker -> worker.has(pool, engine, device));
    }

    /** Whether a task that requires the device can reach a live worker of the pool that has only another device of that kind. */
    public boolean isMixed(String pool, String engine, DeviceName device) {
        return live().stream().anyMatch(worker -> worker.hasOnlyAnother(pool, engine, device));
    }

    private LiveWorkers present(Predicate<RegisteredWorker> condition) {
        var now = clock.instant();
        return workers.values().stream()
                .filter(condition.and(worker -> worker.status(now).live()))
                .map(worker -> new LiveWorkers(1, worker.announcement().slots()))
                .reduce(LiveWorkers.NONE, LiveWorkers::plus);
    }
}
