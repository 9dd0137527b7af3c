package io.atelier.gateway.view.queue;

import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.view.jobs.JobSummary;
import io.atelier.gateway.view.jobs.JobWatcher;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All open jobs: the queue of each model, the jobs that run, and those that are held. Follows the view of jobs, and keeps statistics of their durations.
 * Thread-safe; queries take microseconds, however long the queues are.
 */
public final class Backlog implements JobWatcher {

    private static final String SPLITTING = "splitting";
    private static final String HELD = "held";

    private final Map<JobId, Entry> open = new HashMap<>();
    private final Map<Lane, RankedQueue<Entry>> queued = new HashMap<>();
    private final Map<JobId, Run> running = new HashMap<>();

    /** Open jobs that wait for others of their batch: no worker can take them, so no job waits behind them. */
    private final Map<JobId, Instant> held = new HashMap<>();

    private final DurationStats durations = new DurationStats();
    private final Map<String, DrainRate> drains = new HashMap<>();
    private final InstantSource clock;

    public Backlog() {
        this(InstantSource.system());
    }

    Backlog(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public synchronized void start(List<JobSummary> jobs) {
        open.clear();
        queued.clear();
        running.clear();
        held.clear();
        drains.clear();
        jobs.forEach(this::changed);
    }

    @Override
    public synchronized void changed(JobSummary job) {
        boolean isTaken = !job.isOpen() || job.status() != JobStatus.QUEUED;
        boolean isCanceled = job.status() == JobStatus.CANCELED || job.status() == JobStatus.EXPIRED;
        held.remove(job.id());
        boolean wasOpen = remove(job.id(), isTaken && !isCanceled);
        if (job.isOpen() && job.stage().equals(HELD)) {
            held.put(job.id(), job.createdAt());
        } else if (job.isOpen()) {
            add(job);
        } else if (job.status() == JobStatus.SUCCEEDED
                && job.startedAt() != null
                && job.completedAt() != null
                // It says nothing about other jobs of its model: an avatar has several tasks.
                && job.request().avatar() == null) {
            durations.count(job.request().model(), job.startedAt(), job.completedAt(), wasOpen);
        }
    }

    @Override
    public synchronized void removed(JobId job) {
        held.remove(job);
        remove(job, false);
    }

    /** How many jobs of each model are before this one in its pool; empty if it is not queued. */
    synchronized Optional<Map<String, Integer>> ahead(JobId job) {
        var entry = open.get(job);
        if (entry == null || running.containsKey(job)) {
            return Optional.empty();
        }
        return Optional.of(counts(entry.lane().pool(), queue -> queue.before(entry)));
    }

    /** The open jobs, each with the time at which it was accepted. */
    public synchronized Map<JobId, Instant> open() {
        var jobs = new HashMap<>(held);
        open.forEach((job, entry) -> jobs.put(job, entry.createdAt()));
        return jobs;
    }

    /** The number of queued jobs of each model in a pool. */
    synchronized Map<String, Integer> queued(String pool) {
        return counts(pool, RankedQueue::size);
    }

    /** The jobs that the generator workers of a pool work on. */
    synchronized List<Run> running(String pool) {
        return running.values().stream()
                .filter(run -> run.lane().pool().equals(pool) && !run.splitting())
                .toList();
    }

    /** The expected duration of a job of this model; empty if none has ended yet. */
    synchronized Optional<DurationStats.Expected> expected(String model) {
        return durations.of(model);
    }

    /** The depth of every lane that has queued or running jobs. */
    public synchronized Map<Lane, Depth> depths() {
        var depths = new TreeMap<Lane, Depth>();
        queued.forEach((lane, queue) -> depths.put(
                lane,
                new Depth(queue.size(), 0, queue.first().map(Entry::createdAt).orElse(null))));
        running.values().forEach(run -> depths.merge(run.lane(), new Depth(0, 1, null), Depth::plus));
        return depths;
    }

    /** The expected seconds until the next job of a pool leaves its queue, see {@link DrainRate#interval}. */
    synchronized OptionalDouble drainInterval(String pool) {
        return drain(pool).interval(clock.instant());
    }

    private DrainRate drain(String pool) {
        return drains.computeIfAbsent(pool, name -> new DrainRate());
    }

    private void add(JobSummary job) {
        var entry = new Entry(Lane.of(job), job.createdAt(), job.id());
        open.put(job.id(), entry);
        if (job.status() == JobStatus.QUEUED) {
            queued.computeIfAbsent(entry.lane(), lane -> new RankedQueue<>()).add(entry);
            drain(entry.lane().pool()).arrived();
        } else {
            var since = job.startedAt() == null ? job.createdAt() : job.startedAt();
            running.put(job.id(), new Run(entry.lane(), since, job.stage().equals(SPLITTING)));
        }
    }

    /** @param isTaken whether a worker has taken the job, if it was queued */
    private boolean remove(JobId job, boolean isTaken) {
        var entry = open.remove(job);
        if (entry == null) {
            return false;
        }
        if (running.remove(job) == null) {
            var drain = drain(entry.lane().pool());
            if (isTaken) {
                drain.departed(clock.instant());
            } else {
                drain.dropped();
            }
        }
        queued.computeIfPresent(entry.lane(), (lane, queue) -> {
            queue.remove(entry);
            return queue.size() == 0 ? null : queue;
        });
        return true;
    }

    private Map<String, Integer> counts(String pool, ToIntFunction<RankedQueue<Entry>> count) {
        return queued.entrySet().stream()
                .filter(lane -> lane.getKey().pool().equals(pool))
                .collect(Collectors.toMap(
                        lane -> lane.getKey().model(), lane -> count.applyAsInt(lane.getValue()), Integer::sum));
    }

    /** One queue. Each model has its own, because its jobs have their own duration. */
    public record Lane(String pool, String model, String engine) implements Comparable<Lane> {

        /** The queue of a job. */
        static Lane of(JobSummary job) {
            var request = job.request();
            return new Lane(request.pool(), request.model(), request.engine());
        }

        @Override
        public int compareTo(Lane other) {
            return Comparator.comparing(Lane::pool)
                    .thenComparing(Lane::model)
                    .thenComparing(Lane::engine)
                    .compare(this, other);
        }
    }

    /** A job that a worker works on. */
    record Run(Lane lane, Instant since, boolean splitting) {}

    /**
     * The numbers of jobs in a lane.
     *
     * @param oldest {@code createdAt} of the first queued job; null if none is queued
     */
    public record Depth(int queued, int running, @Nullable Instant oldest) {

        public Depth plus(Depth other) {
            var first = new ArrayList<Instant>();
            if (oldest != null) {
                first.add(oldest);
            }
            if (other.oldest != null) {
                first.add(other.oldest);
            }
            return new Depth(
                    queued + other.queued,
                    running + other.running,
                    first.stream().min(Comparator.naturalOrder()).orElse(null));
        }
    }

    /** An open job, ordered by {@code createdAt}. */
    private record Entry(Lane lane, Instant createdAt, JobId id) implements Comparable<Entry> {

        @Override
        public int compareTo(Entry other) {
            int order = createdAt.compareTo(other.createdAt);
            return order != 0 ? order : id.compareTo(other.id);
        }
    }
}
