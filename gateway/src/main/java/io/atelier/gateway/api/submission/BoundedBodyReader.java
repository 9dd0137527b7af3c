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
 * Reads request bodies up to a limit. The rest of a larger body without a Content-Length is discarded as it arrives, so that the client can
 * read the response.
 */
public final class BoundedBodyReader {

    private final SubmissionProperties properties;

    public BoundedBodyReader(SubmissionProperties properties) {
        this.properties = properties;
    }

    /** The body. Fails with a {@link Problem} if it is too large, arrives too slowly, or has a Content-Encoding. */
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
                .collect(() -> new Buffer(limit), Buffer::add)
                .map(Buffer::complete)
                .timeout(properties.bodyTimeout())
                .onErrorMap(TimeoutException.class, late -> tooSlow());
    }

    private Problem tooLarge() {
        return new Problem(
                        ProblemKind.PAYLOAD_TOO_LARGE,
                        "The body is larger than %s.".formatted(text(properties.maxBody())))
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

    private static String text(DataSize size) {
        return size.toKilobytes() > 0 ? size.toKilobytes() + " KiB" : size.toBytes() + " bytes";
    }

    /** The part of a body that has arrived: kept up to the limit, then only counted. */
    private final class Buffer {

        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private final long limit;
        private long arrived;

        Buffer(long limit) {
            this.limit = limit;
        }

        void add(DataBuffer part) {
            try {
                arrived += part.readableByteCount();
                if (arrived <= limit) {
                    var bytes = new byte[part.readableByteCount()];
                    part.read(bytes);
                    kept.writeBytes(bytes);
                } else if (arrived > properties.drain().toBytes()) {
                    throw tooLarge();
                }
            } finally {
                DataBufferUtils.release(part);
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
