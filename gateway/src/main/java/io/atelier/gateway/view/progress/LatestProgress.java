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

/** The last progress of each running job. Bounded: the oldest entries go first. Thread-safe. */
public final class LatestProgress {

    private static final int MOST_JOBS = 10_000;

    private final Map<JobId, TaskProgress> latest = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<JobId, TaskProgress> eldest) {
            return size() > MOST_JOBS;
        }
    };
    private final Map<JobId, List<FluxSink<TaskProgress>>> readers = new HashMap<>();

    /** Keeps the newer of two: a later attempt, or a later moment of the same one. */
    public synchronized void post(TaskProgress progress) {
        var kept = latest.merge(progress.job(), progress, (old, fresh) -> isNewer(fresh, old) ? fresh : old);
        if (kept.equals(progress)) {
            List.copyOf(readers.getOrDefault(progress.job(), List.of())).forEach(reader -> reader.next(progress));
        }
    }

    public synchronized Optional<TaskProgress> of(JobId job) {
        return Optional.ofNullable(latest.get(job));
    }

    /** The last progress of a job, if there is any, then each later one; of several that the reader has no time for, the last one. */
    public Flux<TaskProgress> follow(JobId job) {
        return Flux.<TaskProgress>create(
                        sink -> {
                            add(job, sink);
                            sink.onDispose(() -> remove(job, sink));
                        },
                        OverflowStrategy.LATEST)
                .publishOn(Schedulers.parallel(), 1);
    }

    /** How many read along. */
    public synchronized int readers() {
        return readers.values().stream().mapToInt(List::size).sum();
    }

    private synchronized void add(JobId job, FluxSink<TaskProgress> reader) {
        readers.computeIfAbsent(job, key -> new ArrayList<>()).add(reader);
        of(job).ifPresent(reader::next);
    }

    private synchronized void remove(JobId job, FluxSink<TaskProgress> reader) {
        readers.computeIfPresent(job, (key, all) -> {
            all.remove(reader);
            return all.isEmpty() ? null : all;
        });
    }

    private static boolean isNewer(TaskProgress fresh, TaskProgress old) {
        boolean comparable = fresh.task().equals(old.task());
        return (comparable && fresh.attempt() > old.attempt())
                || ((!comparable || fresh.attempt() == old.attempt())
                        && !fresh.at().isBefore(old.at()));
    }
}
