package io.atelier.gateway.api.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.view.jobs.JobSummary;
import io.atelier.gateway.view.jobs.JobView;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Responses for ended jobs, within a limit of memory, until the view of jobs shows another state of the job; and for ten seconds at most, in case
 * somebody deletes an image in the store by hand. Thread-safe.
 */
public final class ResponseCache implements JobView.Watcher {

    private static final Duration TTL = Duration.ofSeconds(10);

    private final Cache<JobId, Map<ResponseKey, CachedResponse>> responses;
    private final long size;

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

    void put(ResponseKey key, CachedResponse response) {
        responses.asMap().merge(key.job(), Map.of(key, response), (before, added) -> {
            var all = new HashMap<>(before);
            all.putAll(added);
            return Map.copyOf(all);
        });
    }

    void remove(JobId job) {
        responses.invalidate(job);
    }

    @Override
    public void start(List<JobSummary> open) {
        responses.invalidateAll();
    }

    @Override
    public void changed(JobSummary job) {
        remove(job.id());
    }

    @Override
    public void removed(JobId job) {
        remove(job);
    }
}
