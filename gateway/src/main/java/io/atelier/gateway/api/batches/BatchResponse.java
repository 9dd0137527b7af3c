package io.atelier.gateway.api.batches;

import io.atelier.contract.job.Job;
import io.atelier.gateway.api.submission.IdempotencyKey;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;

/**
 * The responses about a batch of any kind.
 *
 * @param batch its JSON
 * @param isTerminal whether all of its jobs have ended
 * @param jobs its jobs that are known
 * @param delay the time after which an open job may have ended
 */
public record BatchResponse<B>(B batch, boolean isTerminal, Collection<Job> jobs, Function<Job, Duration> delay) {

    /** The response to the request that creates the batch. */
    public ResponseEntity<B> accepted(String path, boolean isReplayed) {
        var response = isTerminal
                ? ResponseEntity.ok().header(HttpHeaders.CONTENT_LOCATION, path)
                : ResponseEntity.accepted().location(URI.create(path)).header(HttpHeaders.RETRY_AFTER, retryAfter());
        if (isReplayed) {
            response.header(IdempotencyKey.REPLAYED, "true");
        }
        return response.cacheControl(CacheControl.noStore()).body(batch);
    }

    /**
     * The response that shows the batch.
     *
     * @param next the header Link with the next page of its list; empty if there is none
     */
    public ResponseEntity<B> shown(Optional<String> next) {
        var response = ResponseEntity.ok().cacheControl(CacheControl.noCache().cachePrivate());
        if (!isTerminal) {
            response.header(HttpHeaders.RETRY_AFTER, retryAfter());
        }
        next.ifPresent(link -> response.header(HttpHeaders.LINK, link));
        return response.body(batch);
    }

    /** The time after which the first of the open jobs may have ended, in seconds. */
    public String retryAfter() {
        var first = jobs.stream()
                .filter(job -> !job.status().terminal() && job.erasure() == null)
                .map(delay)
                .min(Comparator.naturalOrder());
        return Long.toString(first.map(Duration::toSeconds).orElse(1L));
    }
}
