package io.atelier.gateway.faces.submission;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.view.jobs.JobQuery;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.jobs.JobsNotReady;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Finds the job of a request that a client repeats without a key, by the digest of the request. Equal requests of several clients have equal
 * digests, so of several jobs it takes one that no client waits for and whose images no client has received, as far as this gateway knows: an open
 * job first, the oldest one; else the one that ended last. What it keeps in memory only orders the candidates; after a restart or at another gateway
 * a repeated request still finds its job. Thread-safe.
 */
public final class RetriedRequests {

    /** More equal requests than this within the time to live would be no repetitions. */
    private static final int MAX_CANDIDATES = 100;

    private static final int MAX_DELIVERED = 10_000;

    private final Jobs jobs;
    private final Scheduler listThreads;
    private final Duration ttl;
    private final Clock clock;
    private final Map<JobId, Integer> waiting = new HashMap<>();
    private final Map<JobId, Boolean> delivered = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<JobId, Boolean> eldest) {
            return size() > MAX_DELIVERED;
        }
    };

    /**
     * @param listThreads for reading the list of jobs, which may take a second
     * @param ttl the age up to which a job is found
     */
    public RetriedRequests(Jobs jobs, Scheduler listThreads, Duration ttl, Clock clock) {
        this.jobs = jobs;
        this.listThreads = listThreads;
        this.ttl = ttl;
        this.clock = clock;
    }

    /** The job of an earlier request with this digest; empty if there is none. Fails with {@link JobsNotReady} if this is not known yet. */
    Mono<Job> find(String digest) {
        return Mono.fromCallable(() -> Optional.ofNullable(best(candidates(digest))))
                .subscribeOn(listThreads)
                .flatMap(Mono::justOrEmpty);
    }

    /** A client waits for the job from now on. */
    synchronized void startWaiting(JobId job) {
        waiting.merge(job, 1, Integer::sum);
    }

    /** A client has stopped to wait for the job. */
    synchronized void stopWaiting(JobId job) {
        waiting.computeIfPresent(job, (id, count) -> count == 1 ? null : count - 1);
    }

    /** A client has received all images of the job. */
    synchronized void delivered(JobId job) {
        delivered.put(job, true);
    }

    private List<Job> candidates(String digest) {
        var oldest = clock.instant().minus(ttl);
        var query = new JobQuery(MAX_CANDIDATES, true, null, null, null, null, Map.of(), digest, oldest, null);
        return jobs.list(query).jobs();
    }

    private synchronized @Nullable Job best(List<Job> candidates) {
        var undelivered = candidates.stream()
                .filter(job -> !delivered.containsKey(job.id()))
                .toList();
        var open = undelivered.stream()
                .filter(job -> !job.status().terminal())
                .min(Comparator.<Job, Integer>comparing(job -> waiting.getOrDefault(job.id(), 0))
                        .thenComparing(Job::createdAt));
        var ended =
                undelivered.stream().filter(job -> job.status().terminal()).max(Comparator.comparing(Job::createdAt));
        return open.filter(job -> !waiting.containsKey(job.id()))
                .or(() -> ended.filter(job -> !waiting.containsKey(job.id())))
                .or(() -> open)
                .or(() -> ended)
                .orElse(null);
    }
}
