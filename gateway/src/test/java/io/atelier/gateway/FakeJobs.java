package io.atelier.gateway;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.jobs.Jobs;
import io.atelier.gateway.lifecycle.ToldJob;
import io.atelier.messaging.InMemoryEventPublisher;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Jobs that a test shows, and those that were requested through the publisher, as the lifecycle would have them. */
final class FakeJobs implements Jobs {

    private final Map<JobId, Job> shown = new ConcurrentHashMap<>();
    private final InMemoryEventPublisher publisher;
    private final AtomicInteger followers = new AtomicInteger();
    private volatile boolean ready = true;

    FakeJobs(InMemoryEventPublisher publisher) {
        this.publisher = publisher;
    }

    /** Shows the job from now on, and hands it back. */
    Job show(Job job) {
        shown.put(job.id(), job);
        return job;
    }

    void ready(boolean state) {
        ready = state;
    }

    @Override
    public Optional<Job> find(JobId id) {
        return Optional.ofNullable(shown.get(id)).or(() -> requested(id));
    }

    @Override
    public Mono<Job> await(JobId id, int version, Duration within) {
        return Flux.interval(Duration.ZERO, Duration.ofMillis(5))
                .concatMap(tick -> Mono.justOrEmpty(find(id)))
                .filter(job -> job.version() >= version)
                .next()
                .timeout(within, Mono.empty());
    }

    @Override
    public Flux<Job> follow(JobId id) {
        return Flux.interval(Duration.ZERO, Duration.ofMillis(5))
                .onBackpressureDrop()
                .concatMap(tick -> Mono.justOrEmpty(find(id)), 1)
                .distinctUntilChanged(Job::version)
                .doOnSubscribe(follower -> followers.incrementAndGet())
                .doFinally(end -> followers.decrementAndGet());
    }

    /** How many follow jobs now. */
    int followers() {
        return followers.get();
    }

    @Override
    public boolean ready() {
        return ready;
    }

    private Optional<Job> requested(JobId id) {
        return ToldJob.after(publisher.events().stream()
                .filter(event -> event.job().equals(id))
                .toList());
    }
}
