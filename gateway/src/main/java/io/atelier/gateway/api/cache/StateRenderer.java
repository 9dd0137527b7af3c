package io.atelier.gateway.api.cache;

import io.atelier.contract.job.JobId;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Renders the state of a job as the framework would. Called by event loops, so it must not block; thread-safe. */
@FunctionalInterface
public interface StateRenderer {

    /** The state that a client may see now; empty if the request needs more than a look at the state, or its response is a problem. */
    Optional<RenderedState> render(JobId job);

    /** A response with a state. Thread-safe; nothing that can be seen of it changes. */
    final class RenderedState {

        private final boolean isFinal;
        private final String tag;
        private final @Nullable String retryAfter;
        private final byte[] json;

        /** The response that was made last: those of one client have the same headers beside their own. */
        private volatile @Nullable Response latest;

        private record Response(HttpHeaders headers, CachedResponse message) {}

        /**
         * A response.
         *
         * @param isFinal whether the job has ended, so that the response may be kept
         * @param tag the value of the header {@code ETag}, with quotes
         * @param retryAfter the value of the header {@code Retry-After}; null if there is none
         * @param json not copied
         */
        public RenderedState(boolean isFinal, String tag, @Nullable String retryAfter, byte[] json) {
            this.isFinal = isFinal;
            this.tag = tag;
            this.retryAfter = retryAfter;
            this.json = json;
        }

        boolean isFinal() {
            return isFinal;
        }

        /** The value of the header {@code ETag}, with quotes. */
        public String tag() {
            return tag;
        }

        /** The size of the response without its headers. */
        public int bytes() {
            return json.length;
        }

        /** The response with these headers, which nothing may change any more, beside its own. */
        CachedResponse with(HttpHeaders headers) {
            var known = latest;
            if (known == null || known.headers() != headers) {
                known = new Response(headers, message(headers));
                latest = known;
            }
            return known.message();
        }

        private CachedResponse message(HttpHeaders headers) {
            var own = headers.copy().set(HttpHeaderNames.ETAG, tag).set(HttpHeaderNames.CONTENT_LENGTH, json.length);
            if (retryAfter != null) {
                own.set(HttpHeaderNames.RETRY_AFTER, retryAfter);
            }
            return new CachedResponse(own, json);
        }
    }
}
