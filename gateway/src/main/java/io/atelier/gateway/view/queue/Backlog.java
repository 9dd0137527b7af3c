package io.atelier.gateway.view.queue;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.view.jobs.JobSummary;
import io.atelier.gateway.view.jobs.JobView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All open jobs: who waits in which line, and who is being worked on. Follows the view of jobs, and also keeps how long jobs took.
 * Thread-safe; a question costs microseconds, however long the lines are.
 */
public final class Backlog implements JobView.Watcher {

    private static final String SPLITTING = "splitting";

    private final Map<JobId, Ticket> open = new HashMap<>();
    private final Map<Lane, RankedQueue<Ticket>> waiting = new HashMap<>();
    private final Map<JobId, Run> running = new HashMap<>();
    private final DurationStats pace = new DurationStats();

    @Override
    public synchronized void start(List<JobSummary> jobs) {
        open.clear();
        waiting.clear();
        running.clear();
        jobs.forEach(this::changed);
    }

    @Override
    public synchronized void changed(JobSummary job) {
        boolean wasOpen = leave(job.id());
        if (job.isOpen()) {
            enter(job);
        } else if (job.status() == JobStatus.SUCCEEDED && job.startedAt() != null && job.completedAt() != null) {
            pace.count(job.request().model(), job.startedAt(), job.completedAt(), wasOpen);
        }
    }

    @Override
    public synchronized void gone(JobId job) {
        leave(job);
    }

    /** How many jobs of each model stand before this one in its pool; empty if it does not stand in line. */
    synchronized Optional<Map<String, Integer>> ahead(Job job) {
        var ticket = open.get(job.id());
        if (ticket == null || running.containsKey(job.id())) {
            return Optional.empty();
        }
        return Optional.of(counts(ticket.lane().pool(), line -> line.before(ticket)));
    }

    /** How many jobs of each model stand in a pool's line. */
    synchronized Map<String, Integer> waiting(String pool) {
        return counts(pool, RankedQueue::size);
    }

    /** What the generator workers of a pool work on. */
    synchronized List<Run> working(String pool) {
        return running.values().stream()
                .filter(run -> run.lane().pool().equals(pool) && !run.splitting())
                .toList();
    }

    synchronized Optional<DurationStats.Expected> expected(String model) {
        return pace.of(model);
    }

    /** All lines in which somebody stands or of which somebody is being worked on, by pool and model. */
    public synchronized Map<Lane, Depth> depths() {
        var depths = new TreeMap<Lane, Depth>();
        waiting.forEach((lane, line) -> depths.put(
                lane,
                new Depth(line.size(), 0, line.first().map(Ticket::createdAt).orElse(null))));
        running.values().forEach(run -> depths.merge(run.lane(), new Depth(0, 1, null), Depth::plus));
        return depths;
    }

    private void enter(JobSummary job) {
        var wanted = job.request();
        var ticket = new Ticket(new Lane(wanted.pool(), wanted.model(), wanted.engine()), job.createdAt(), job.id());
        open.put(job.id(), ticket);
        if (job.status() == JobStatus.QUEUED) {
            waiting.computeIfAbsent(ticket.lane(), lane -> new RankedQueue<>()).add(ticket);
        } else {
            var since = job.startedAt() == null ? job.createdAt() : job.startedAt();
            running.put(job.id(), new Run(ticket.lane(), since, job.stage().equals(SPLITTING)));
        }
    }

    private boolean leave(JobId job) {
        var ticket = open.remove(job);
        if (ticket == null) {
            return false;
        }
        running.remove(job);
        waiting.computeIfPresent(ticket.lane(), (lane, line) -> {
            line.remove(ticket);
            return line.size() == 0 ? null : line;
        });
        return true;
    }

    private Map<String, Integer> counts(String pool, ToIntFunction<RankedQueue<Ticket>> count) {
        return waiting.entrySet().stream()
                .filter(line -> line.getKey().pool().equals(pool))
                .collect(Collectors.toMap(
                        line -> line.getKey().model(), line -> count.applyAsInt(line.getValue()), Integer::sum));
    }

    /** Who waits for the same: one line a model, because each model takes its own time. */
    public record Lane(String pool, String model, String engine) implements Comparable<Lane> {

        @Override
        public int compareTo(Lane other) {
            return Comparator.comparing(Lane::pool)
                    .thenComparing(Lane::model)
                    .thenComparing(Lane::engine)
                    .compare(this, other);
        }
    }

    /** A job that is being worked on. */
    record Run(Lane lane, Instant since, boolean splitting) {}

    /**
     * How much there is to do.
     *
     * @param oldest when the first in line was made; null if nobody waits
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

    /** A place in line: by the time of the job's making. */
    private record Ticket(Lane lane, Instant createdAt, JobId id) implements Comparable<Ticket> {

        @Override
        public int compareTo(Ticket other) {
            int order = createdAt.compareTo(other.createdAt);
            return order != 0 ? order : id.compareTo(other.id);
        }
    }
}
