package io.atelier.gateway.api.problem;

import java.time.Duration;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;

/**
 * Takes what nobody read of a refused request off the wire, up to a limit, and throws it away. A client that writes all before it reads, as
 * most do, would see a broken connection instead of the answer if nobody took the rest.
 */
final class UnreadBody {

    private final long most;
    private final Duration patience;

    UnreadBody(ProblemProperties properties) {
        this.most = properties.drain().toBytes();
        this.patience = properties.drainTimeout();
    }

    /** Completes when the body is gone, or is too large or too slow to be waited for. Never fails. */
    Mono<Void> discard(ServerHttpRequest request) {
        if (request.getHeaders().getFirst(HttpHeaders.EXPECT) != null) {
            // The client waits for leave to send; without it nothing comes.
            return Mono.empty();
        }
        return request.getBody()
                .map(UnreadBody::release)
                .scan(0L, Long::sum)
                .takeWhile(gone -> gone <= most)
                .then()
                .timeout(patience)
                // Somebody read it already, or the client is gone.
                .onErrorComplete();
    }

    private static long release(DataBuffer piece) {
        long bytes = piece.readableByteCount();
        DataBufferUtils.release(piece);
        return bytes;
    }
}
