package io.atelier.gateway.api.problem;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Keeps quiet about clients that disconnect while they send. The server reports the broken connection to the reader of the body a second time when it
 * cleans up, after the reader has ended; Reactor would log that as an unhandled error.
 */
public final class LateDisconnect {

    private static final Logger LOG = LoggerFactory.getLogger(LateDisconnect.class);

    /** Reactor's key, in the context of a stream, for what to do with an error after its end. */
    private static final String ON_ERROR_DROPPED = "reactor.onErrorDropped.local";

    private LateDisconnect() {}

    /** The same reader of a body, without errors in the log after its end. */
    public static <T> Mono<T> ignoredBy(Mono<T> reader) {
        return reader.contextWrite(
                context -> context.put(ON_ERROR_DROPPED, (Consumer<Throwable>) LateDisconnect::ignore));
    }

    private static void ignore(Throwable failure) {
        LOG.debug("A client is gone: {}", failure.toString());
    }
}
