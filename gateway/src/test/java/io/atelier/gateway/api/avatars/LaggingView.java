package io.atelier.gateway.api.avatars;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.view.jobs.JobQuery;
import io.atelier.gateway.view.jobs.JobSummary;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.jobs.JobsNotReady;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Shows the states that a test has read so far. */
final class LaggingView implements Jobs {

    boolean isReady = true;

    private final Map<JobId, Job> shown = new HashMap<>();
    private int reads;

    void show(Job job) {
        shown.put(job.id(), job);
    }

    List<JobSummary> open() {
        return shown.values().stream()
                .filter(job -> !job.status().terminal())
                .map(JobSummary::of)
                .toList();
    }

    /** How many jobs an action looks up. */
    int reads(Runnable action) {
        reads = 0;
        action.run();
        return reads;
    }

    @Override
    public Optional<Job> find(JobId id) {
        if (!isReady) {
            throw new JobsNotReady();
        }
        reads++;
        return Optional.ofNullable(shown.get(id));
    }

    @Override
    public boolean accept(Job job) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Mono<Job> await(JobId id, int version, Duration timeout) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Flux<Job> follow(JobId id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Page list(JobQuery query) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Mono<Void> caughtUp(Duration timeout) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean ready() {
        return isReady;
    }
}
