package io.atelier.gateway.api.cache;

import io.atelier.contract.job.Job;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.netty.http.server.HttpServerResponse;

/**
 * A response that stays the same as long as the view shows this state of an ended job.
 *
 * @param job the state that it was made from
 */
public record CacheableResponse(Job job) {

    private static final AttributeKey<CacheableResponse> MARK =
            AttributeKey.valueOf(CacheableResponse.class, "response");

    /**
     * Lets a response be kept, if the job has ended. To be called before it is sent, by its request's own handling. It is kept only if its status is
     * 200 and its request was a plain one.
     */
    public static void mark(ServerHttpResponse response, Job job) {
        if (job.status().terminal()
                && ServerHttpResponseDecorator.getNativeResponse(response) instanceof HttpServerResponse server) {
            server.withConnection(connection -> connection.channel().attr(MARK).set(new CacheableResponse(job)));
        }
    }

    /** The mark of the response that a channel sends now, which is removed; null if it has none. */
    static @Nullable CacheableResponse take(Channel channel) {
        var mark = channel.attr(MARK);
        return mark.get() == null ? null : mark.getAndSet(null);
    }
}
