package io.atelier.gateway.api.cache;

import io.atelier.contract.job.Job;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.netty.http.server.HttpServerResponse;

/** Marks responses that stay the same as long as the view shows the same state of an ended job. */
public final class CacheableResponse {

    private static final AttributeKey<Boolean> MARK = AttributeKey.valueOf(CacheableResponse.class, "isCacheable");

    private CacheableResponse() {}

    /**
     * Lets a response be kept, if the job has ended. To be called before it is sent, by its request's own handling. It is kept only if its status is
     * 200 and its request was a plain one.
     */
    public static void mark(ServerHttpResponse response, Job job) {
        if (job.status().terminal()
                && ServerHttpResponseDecorator.getNativeResponse(response) instanceof HttpServerResponse server) {
            server.withConnection(connection -> mark(connection.channel()));
        }
    }

    static void mark(Channel channel) {
        channel.attr(MARK).set(true);
    }

    /** Whether the response that a channel sends now is marked; removes the mark. */
    static boolean takeMark(Channel channel) {
        return Boolean.TRUE.equals(channel.attr(MARK).getAndSet(null));
    }
}
