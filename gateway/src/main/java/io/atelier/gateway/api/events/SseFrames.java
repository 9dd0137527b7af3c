package io.atelier.gateway.api.events;

import java.time.Duration;
import org.springframework.http.HttpMethod;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Flux;

/** Frames of a server-sent event stream that contain no event. */
public final class SseFrames {

    private static final Duration RETRY = Duration.ofSeconds(3);

    private SseFrames() {}

    /** Sets the delay after which a client reconnects. */
    public static <T> ServerSentEvent.Builder<T> retry() {
        return ServerSentEvent.<T>builder().retry(RETRY);
    }

    /** A comment that keeps a quiet connection open. */
    public static <T> ServerSentEvent.Builder<T> heartbeat() {
        return ServerSentEvent.<T>builder().comment(" hb");
    }

    /** The body of the response to this request: none for HEAD, which else would last as long as the stream. */
    static <T> Flux<T> bodyOf(ServerHttpRequest request, Flux<T> stream) {
        return HttpMethod.HEAD.equals(request.getMethod()) ? Flux.empty() : stream;
    }

    /** Ticks for heartbeats; dropped while the subscriber requests none. */
    public static Flux<Long> ticks(Duration interval) {
        return Flux.interval(interval).onBackpressureDrop();
    }
}
