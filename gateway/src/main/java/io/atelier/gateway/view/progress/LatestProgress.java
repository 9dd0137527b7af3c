package io.atelier.gateway.view.progress;

import io.atelier.contract.job.JobId;
import io.atelier.contract.work.TaskProgress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.FluxSink.OverflowStrategy;
import reactor.core.scheduler.Schedulers;

/** The latest progress of each running job. Keeps at most 10,000 jobs and drops the oldest first. Thread-safe. */
public final class LatestProgress {

    private static final int MAX_JOBS = 10_000;

    private final Map<JobId, TaskProgress> latest = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<JobId, TaskProgress> eldest) {
            return size() > MAX_JOBS;
        }
    };
    private final Map<JobId, List<FluxSink<TaskProgress>>> subscribers = new HashMap<>();

    /** Stores the progress and passes it to subscribers, unless it is older than the stored one: of an earlier attempt, or earlier in the same attempt. */
    public synchronized void publish(TaskProgress progress) {
        var kept = latest.merge(progress.job(), progress, (old, other) -> isNewer(other, old) ? other : old);
        if (kept.equals(progress)) {
            List.copyOf(subscribers.getOrDefault(progress.job(), List.of()))
                    .forEach(subscriber -> subscriber.next(progress));
        }
    }

    /** The latest progress of a job; empty if none is known. */
    public synchronized Optional<TaskProgress> of(JobId job) {
        return Optional.ofNullable(latest.get(job));
    }

    /** The latest progress of a job, if any, then each later one; a slow subscriber receives only the latest of those it missed. */
    public Flux<TaskProgress> follow(JobId job) {
        return Flux.<TaskProgress>create(
                        sink -> {
                            add(job, sink);
                            sink.onDispose(() -> remove(job, sink));
                        },
                        OverflowStrategy.LATEST)
                .publishOn(Schedulers.parallel(), 1);
    }

    /** The number of subscribers. */
    public synchronized int subscribers() {
        return subscribers.values().stream().mapToInt(List::size).sum();
    }

    private synchronized void add(JobId job, FluxSink<TaskProgress> subscriber) {
        subscribers.computeIfAbsent(job, key -> new ArrayList<>()).add(subscriber);
        of(job).ifPresent(subscriber::next);
    }

    private synchronized void remove(JobId job, FluxSink<TaskProgress> subscriber) {
        subscribers.computeIfPresent(job, (key, all) -> {
            all.remove(subscriber);
            return all.isEmpty() ? null : all;
        });
    }

    private static boolean isNewer(TaskProgress progress, TaskProgress old) {
        boolean comparable = progress.task().equals(old.task());
        return (comparable && progress.attempt() > old.attempt())
                || ((!comparable || progress.attempt() == old.attempt())
                        && !progress.at().isBefore(old.at()));
    }
}
