package io.atelier.gateway.api.direct;

import io.atelier.gateway.api.problem.RequestIdFilter;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import reactor.core.publisher.Mono;

/** Creates jobs as the framework's operation does. Called by event loops, so it must not block; thread-safe. */
@FunctionalInterface
public interface DirectSubmissions {

    /**
     * Creates a job when it is subscribed to, whether or not the subscriber waits for the end. Never empty. Fails with what the operation fails with.
     *
     * @param body of the request
     */
    Mono<Accepted> submit(byte[] body);

    /** What the response says of a new job. Immutable. */
    final class Accepted {

        private final boolean hasEnded;
        private final String path;
        private final long retryAfter;
        private final byte[] json;

        /**
         * What the response says.
         *
         * @param hasEnded whether the job has ended meanwhile
         * @param path of the job, without a host
         * @param retryAfter seconds; not used if the job has ended
         * @param json the job; not copied
         */
        public Accepted(boolean hasEnded, String path, long retryAfter, byte[] json) {
            this.hasEnded = hasEnded;
            this.path = path;
            this.retryAfter = retryAfter;
            this.json = json;
        }

        boolean hasEnded() {
            return hasEnded;
        }

        /** The response with these headers beside its own. */
        FullHttpResponse message(HttpHeaders known, String requestId) {
            var own = DefaultHttpHeadersFactory.headersFactory().newHeaders();
            own.set(known);
            own.set(RequestIdFilter.HEADER, requestId);
            own.set(HttpHeaderNames.CONTENT_LENGTH, json.length);
            if (hasEnded) {
                own.set(HttpHeaderNames.CONTENT_LOCATION, path);
            } else {
                own.set(HttpHeaderNames.LOCATION, path);
                own.set(HttpHeaderNames.RETRY_AFTER, Long.toString(retryAfter));
            }
            return new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1,
                    hasEnded ? HttpResponseStatus.OK : HttpResponseStatus.ACCEPTED,
                    Unpooled.wrappedBuffer(json),
                    own,
                    EmptyHttpHeaders.INSTANCE);
        }
    }
}
