package io.atelier.gateway;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.lifecycle.FoldedJob;
import io.atelier.gateway.view.jobs.JobIndex;
import io.atelier.gateway.view.jobs.JobQuery;
import io.atelier.gateway.view.jobs.JobSummary;
import io.atelier.gateway.view.jobs.JobWatcher;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.jobs.JobsNotReady;
import io.atelier.gateway.view.jobs.LifecycleOffsets;
import io.atelier.gateway.view.queue.Backlog;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.InMemoryEventPublisher;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A view with the jobs that a test shows, and those that were requested through the publisher, in the state that the lifecycle would give them. */
public final class FakeJobs implements Jobs, LifecycleOffsets {

    private final InMemoryKeyValueStore store = new InMemoryKeyValueStore();
    private final InMemoryEventPublisher publisher;
    private final AtomicInteger followers = new AtomicInteger();
    private final JobWatcher watcher;
    private final Map<JobId, Job> accepted = new ConcurrentHashMap<>();
    private final Map<JobId, Job> notYetShown = new ConcurrentHashMap<>();
    private final Set<JobId> hidden = ConcurrentHashMap.newKeySet();
    private volatile boolean ready = true;
    private volatile boolean lifecycleRunning = true;
    private volatile boolean brokersSilent;

    public FakeJobs(InMemoryEventPublisher publisher) {
        this(publisher, new Backlog());
    }

    FakeJobs(InMemoryEventPublisher publisher, JobWatcher watcher) {
        this.publisher = publisher;
        this.watcher = watcher;
    }

    /** Shows the job from now on, and returns it. */
    public Job show(Job job) {
        var summary = JobSummary.of(job);
        JobIndex.put(store, job.id().value(), EventCodec.json().writeValueAsBytes(job), summary);
        watcher.changed(summary);
        return job;
    }

    /** Removes all jobs that were shown. */
    public void clear() {
        store.clear();
        hidden.clear();
        watcher.start(List.of());
    }

    /** Adds a job that the lifecycle has written, but that the view shows only after {@link #lifecycleCaughtUp}. */
    void addNotYetShown(Job job) {
        notYetShown.put(job.id(), job);
    }

    /** Adds a job that was accepted, but that the lifecycle writes only during {@link #lifecycleCaughtUp}. */
    void addNotYetWritten(Job job) {
        accepted.put(job.id(), job);
    }

    /** Stops showing jobs that were requested, until {@link #caughtUp}. */
    void hide(Collection<JobId> requested) {
        hidden.addAll(requested);
    }

    /** Sets whether the lifecycle processes accepted jobs. */
    void lifecycleRunning(boolean running) {
        lifecycleRunning = running;
    }

    /** Sets whether no broker answers, so that nothing can be known of what the view does not show. */
    void brokersSilent(boolean silent) {
        brokersSilent = silent;
    }

    public void ready(boolean state) {
        ready = state;
    }

    @Override
    public Optional<Job> find(JobId id) {
        return Optional.ofNullable(store.get(id.value()))
                .map(value -> EventCodec.read(value, Job.class))
                .or(() -> requested(id));
    }

    @Override
    public boolean accept(Job job) {
        return requested(job.id()).isPresent();
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
        return Flux.defer(() -> ready
                        ? Flux.interval(Duration.ZERO, Duration.ofMillis(5))
                        : Flux.<Long>error(new JobsNotReady()))
                .onBackpressureDrop()
                .concatMap(tick -> Mono.justOrEmpty(find(id)), 1)
                .distinctUntilChanged(Job::version)
                .doOnSubscribe(follower -> followers.incrementAndGet())
                .doFinally(end -> followers.decrementAndGet());
    }

    /** The number of subscribers of {@link #follow} now. */
    int followers() {
        return followers.get();
    }

    @Override
    public Page list(JobQuery query) {
        if (!ready) {
            throw new JobsNotReady();
        }
        return JobIndex.list(store, query);
    }

    @Override
    public Mono<Void> lifecycleCaughtUp(Duration within) {
        return Mono.defer(() -> {
            if (brokersSilent) {
                return Mono.<Void>never().timeout(within).onErrorMap(JobsNotReady::new);
            }
            if (!lifecycleRunning) {
                return Mono.error(new JobsNotReady());
            }
            notYetShown.putAll(accepted);
            accepted.clear();
            return Mono.empty();
        });
    }

    @Override
    public Mono<Void> caughtUp(Duration within) {
        return Mono.defer(() -> {
            if (brokersSilent) {
                return Mono.<Void>never().timeout(within).onErrorMap(JobsNotReady::new);
            }
            if (!ready) {
                return Mono.error(new JobsNotReady());
            }
            hidden.clear();
            notYetShown.values().forEach(this::show);
            notYetShown.clear();
            return Mono.empty();
        });
    }

    @Override
    public boolean ready() {
        return ready;
    }

    private Optional<Job> requested(JobId id) {
        if (hidden.contains(id)) {
            return Optional.empty();
        }
        return FoldedJob.after(publisher.events().stream()
                .filter(event -> event.job().equals(id))
                .toList());
    }
}
