package io.atelier.gateway.api.problem;

import java.time.Duration;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;

/**
 * Reads and discards the unread body of a refused request, up to a limit. Most clients write the whole body before they read; without this, they
 * would see a broken connection instead of the response.
 */
final class UnreadBody {

    private final long maxBytes;
    private final Duration timeout;

    UnreadBody(ProblemProperties properties) {
        this.maxBytes = properties.drain().toBytes();
        this.timeout = properties.drainTimeout();
    }

    /** Completes when the body is read, or exceeds the limit or the timeout. Never fails. */
    Mono<Void> discard(ServerHttpRequest request) {
        if (request.getHeaders().getFirst(HttpHeaders.EXPECT) != null) {
            // The client sends the body only after 100 Continue, which it does not get.
            return Mono.empty();
        }
        var discarded = request.getBody()
                .map(UnreadBody::release)
                .scan(0L, Long::sum)
                .takeWhile(bytes -> bytes <= maxBytes)
                .then()
                .timeout(timeout)
                // The body was read already, or the client disconnected.
                .onErrorComplete();
        return LateDisconnect.ignoredBy(discarded);
    }

    private static long release(DataBuffer buffer) {
        long bytes = buffer.readableByteCount();
        DataBufferUtils.release(buffer);
        return bytes;
    }
}
