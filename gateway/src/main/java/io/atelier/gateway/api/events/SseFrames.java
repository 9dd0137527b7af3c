package io.atelier.gateway.api.events;

import java.time.Duration;
import org.springframework.http.codec.ServerSentEvent;
import reactor.core.publisher.Flux;

/** The parts of a stream that tell of no event. */
public final class SseFrames {

    private static final Duration RETRY = Duration.ofSeconds(3);

    private SseFrames() {}

    /** Says after what time to come back when the stream breaks. */
    public static <T> ServerSentEvent.Builder<T> retry() {
        return ServerSentEvent.<T>builder().retry(RETRY);
    }

    /** Says that the stream is alive. */
    public static <T> ServerSentEvent.Builder<T> heartbeat() {
        return ServerSentEvent.<T>builder().comment(" hb");
    }

    /** Ticks for heartbeats; those that the reader has no time for are left out. */
    public static Flux<Long> ticks(Duration every) {
        return Flux.interval(every).onBackpressureDrop();
    }
}
