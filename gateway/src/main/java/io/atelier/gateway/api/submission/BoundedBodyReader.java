package io.atelier.gateway.api.submission;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.TimeoutException;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.util.unit.DataSize;
import reactor.core.publisher.Mono;

/**
 * Reads bodies up to a limit. Of a larger one that did not say so beforehand the rest is thrown away as it arrives, so that the client gets
 * to read the answer.
 */
public final class BoundedBodyReader {

    private final SubmissionProperties properties;

    public BoundedBodyReader(SubmissionProperties properties) {
        this.properties = properties;
    }

    /** The body. Fails with a {@link Problem} if it is too large, too slow, or encoded. */
    Mono<byte[]> read(ServerHttpRequest request) {
        var headers = request.getHeaders();
        var encoding = headers.getFirst(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            return Mono.error(new Problem(
                    ProblemKind.UNSUPPORTED_MEDIA_TYPE, "The body has a Content-Encoding. Send it as plain JSON."));
        }
        long limit = properties.maxBody().toBytes();
        if (headers.getContentLength() > limit) {
            return Mono.error(tooLarge());
        }
        return request.getBody()
                .collect(() -> new Arriving(limit), Arriving::add)
                .map(Arriving::complete)
                .timeout(properties.bodyTimeout())
                .onErrorMap(TimeoutException.class, late -> tooSlow());
    }

    private Problem tooLarge() {
        return new Problem(
                        ProblemKind.PAYLOAD_TOO_LARGE,
                        "The body is larger than %s.".formatted(inWords(properties.maxBody())))
                .with("max_bytes", properties.maxBody().toBytes())
                .header(HttpHeaders.CONNECTION, "close");
    }

    private Problem tooSlow() {
        return new Problem(
                        ProblemKind.REQUEST_TIMEOUT,
                        "The body did not arrive within %d s."
                                .formatted(properties.bodyTimeout().toSeconds()))
                .header(HttpHeaders.CONNECTION, "close");
    }

    private static String inWords(DataSize size) {
        return size.toKilobytes() > 0 ? size.toKilobytes() + " KiB" : size.toBytes() + " bytes";
    }

    /** A body on its way: kept while it is small enough, then only counted. */
    private final class Arriving {

        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private final long limit;
        private long arrived;

        Arriving(long limit) {
            this.limit = limit;
        }

        void add(DataBuffer piece) {
            try {
                arrived += piece.readableByteCount();
                if (arrived <= limit) {
                    var bytes = new byte[piece.readableByteCount()];
                    piece.read(bytes);
                    kept.writeBytes(bytes);
                } else if (arrived > properties.drain().toBytes()) {
                    throw tooLarge();
                }
            } finally {
                DataBufferUtils.release(piece);
            }
        }

        byte[] complete() {
            if (arrived > limit) {
                throw tooLarge();
            }
            return kept.toByteArray();
        }
    }
}
