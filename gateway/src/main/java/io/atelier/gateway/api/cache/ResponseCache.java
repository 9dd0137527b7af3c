package io.atelier.gateway.api.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.view.jobs.JobSummary;
import io.atelier.gateway.view.jobs.JobWatcher;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Responses for ended jobs, within a limit of memory, until the view of jobs shows another state of the job; and for ten seconds at most, in case
 * an operator deletes an image in the store by hand. Thread-safe.
 */
public final class ResponseCache implements JobWatcher {

    private static final Duration TTL = Duration.ofSeconds(10);

    private final Cache<JobId, Map<ResponseKey, CachedResponse>> responses;
    private final long size;

    /** Numbers of changes of jobs; jobs with the same hash share one. */
    private final AtomicIntegerArray changes = new AtomicIntegerArray(1024);

    /** Hashes of keys that were asked for. Written without synchronization: a lost one is written again. */
    private final int[] asked = new int[4096];

    public ResponseCache(ResponseCacheProperties properties) {
        this.size = properties.size().toBytes();
        this.responses = Caffeine.newBuilder()
                .maximumWeight(size)
                .weigher((JobId job, Map<ResponseKey, CachedResponse> all) -> weight(all))
                .expireAfterWrite(TTL)
                // On the calling thread: the work is short, and the common pool has the wrong class loader in a jar.
                .executor(Runnable::run)
                .build();
    }

    private static int weight(Map<ResponseKey, CachedResponse> all) {
        return all.entrySet().stream()
                .mapToInt(entry -> entry.getKey().weight() + entry.getValue().weight())
                .sum();
    }

    /** Whether responses are kept at all. */
    boolean isOn() {
        return size > 0;
    }

    Optional<CachedResponse> find(ResponseKey key) {
        return Optional.ofNullable(responses.getIfPresent(key.job())).map(all -> all.get(key));
    }

    /**
     * Keeps a response, unless its job has changed.
     *
     * @param changes of the job before the response was made, see {@link #changes}
     */
    void put(ResponseKey key, CachedResponse response, int changes) {
        responses.asMap().merge(key.job(), Map.of(key, response), (before, added) -> {
            var all = new HashMap<>(before);
            all.putAll(added);
            return Map.copyOf(all);
        });
        if (changes(key.job()) != changes) {
            responses.invalidate(key.job());
        }
    }

    /** Removes the responses for a job, and those that are being made now. */
    public void forget(JobId job) {
        // In this order: a response of the state before is either not kept, or removed.
        changes.incrementAndGet(slot(job));
        responses.invalidate(job);
    }

    /** A number that is another one after the view has shown another state of the job. */
    int changes(JobId job) {
        return changes.get(slot(job));
    }

    private int slot(JobId job) {
        return (job.hashCode() & Integer.MAX_VALUE) % changes.length();
    }

    /** Whether the same was asked for before, usually: most responses are asked for once, and would be kept for nothing. */
    boolean isRepeated(ResponseKey key) {
        int hash = key.hashCode();
        int slot = (hash & Integer.MAX_VALUE) % asked.length;
        boolean isRepeated = asked[slot] == hash;
        asked[slot] = hash;
        return isRepeated;
    }

    @Override
    public void start(List<JobSummary> open) {
        for (int slot = 0; slot < changes.length(); slot++) {
            changes.incrementAndGet(slot);
        }
        responses.invalidateAll();
    }

    @Override
    public void changed(JobSummary job) {
        forget(job.id());
    }

    @Override
    public void removed(JobId job) {
        forget(job);
    }
}
