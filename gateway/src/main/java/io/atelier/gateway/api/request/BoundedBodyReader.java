package io.atelier.gateway.api.request;

import io.atelier.gateway.api.problem.LateDisconnect;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.util.unit.DataSize;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Reads request bodies up to a limit, plain or compressed with gzip. The limit holds for the bytes that arrive and for those that they unpack to. The
 * rest of a larger body without a Content-Length is discarded as it arrives, so that the client can read the response. Thread-safe.
 */
public final class BoundedBodyReader {

    private static final String GZIP = "gzip";

    private final long limit;
    private final long drain;
    private final Duration timeout;

    /**
     * @param limit the largest body that is accepted
     * @param drain how much of a larger body is read and discarded
     * @param timeout for receiving a body
     */
    public BoundedBodyReader(DataSize limit, DataSize drain, Duration timeout) {
        this.limit = limit.toBytes();
        this.drain = drain.toBytes();
        this.timeout = timeout;
    }

    /**
     * The body, unpacked. Fails with a {@link Problem} if it is too large, arrives too slowly, cannot be read, or has a Content-Encoding other than
     * gzip.
     */
    public Mono<byte[]> read(ServerHttpRequest request) {
        var headers = request.getHeaders();
        var encodings = encodings(headers);
        if (!encodings.isEmpty() && !encodings.equals(List.of(GZIP))) {
            return Mono.error(new Problem(
                            ProblemKind.UNSUPPORTED_MEDIA_TYPE,
                            "The body has the Content-Encoding '%s'. Supported is gzip, once, or none."
                                    .formatted(String.join(", ", encodings)))
                    .header(HttpHeaders.ACCEPT_ENCODING, GZIP));
        }
        if (headers.getContentLength() > limit) {
            return Mono.error(tooLarge());
        }
        var body = request.getBody()
                .collect(Buffer::new, Buffer::add)
                .map(Buffer::complete)
                .doOnNext(complete -> requireWellFormed(request))
                .timeout(timeout)
                .onErrorMap(BoundedBodyReader::isUnexpected, failure -> unreadable())
                .onErrorMap(TimeoutException.class, late -> tooSlow())
                .map(bytes -> encodings.isEmpty() ? bytes : unpacked(bytes));
        return LateDisconnect.ignoredBy(body);
    }

    /** The encodings of a body, without those that change nothing. */
    public static List<String> encodings(HttpHeaders headers) {
        return headers.getOrEmpty(HttpHeaders.CONTENT_ENCODING).stream()
                .flatMap(line -> Stream.of(line.split(",", -1)))
                .map(encoding -> encoding.strip().toLowerCase(Locale.ROOT))
                .filter(encoding -> !encoding.isEmpty() && !encoding.equals("identity"))
                // RFC 9110 §8.4.1.3: the older name means the same.
                .map(encoding -> encoding.equals("x-gzip") ? GZIP : encoding)
                .toList();
    }

    private byte[] unpacked(byte[] body) {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            var unpacked = in.readNBytes(Math.toIntExact(limit + 1));
            if (unpacked.length > limit) {
                throw tooLarge();
            }
            return unpacked;
        } catch (IOException e) {
            throw new Problem(
                    ProblemKind.INVALID_REQUEST,
                    "The body is not the gzip file that its Content-Encoding names. Send all of it, or send it plain"
                            + " without this header.");
        }
    }

    /**
     * Checks that a body that ended is complete: after a malformed chunk the server answers 400 itself, and ends the body as if it were complete.
     *
     * @throws Problem if it is not
     */
    public static void requireWellFormed(ServerHttpRequest request) {
        Object exchange = ServerHttpRequestDecorator.getNativeRequest(request);
        if (exchange instanceof HttpServerResponse server && server.hasSentHeaders()) {
            throw unreadable();
        }
    }

    private static boolean isUnexpected(Throwable failure) {
        return !(failure instanceof Problem) && !(failure instanceof TimeoutException);
    }

    /** The problem of a body that breaks off: the client has disconnected, and no one receives the response; or what it sent breaks the rules of HTTP, such as a chunk without a length. */
    public static Problem unreadable() {
        return new Problem(
                        ProblemKind.INVALID_REQUEST,
                        "The body cannot be read: it ended early, or its chunks are malformed. Send it again.")
                .header(HttpHeaders.CONNECTION, "close");
    }

    private Problem tooLarge() {
        return new Problem(
                        ProblemKind.PAYLOAD_TOO_LARGE,
                        "The body is larger than %s.".formatted(text(DataSize.ofBytes(limit))))
                .with("max_bytes", limit)
                .header(HttpHeaders.CONNECTION, "close");
    }

    private Problem tooSlow() {
        return new Problem(
                        ProblemKind.REQUEST_TIMEOUT,
                        "The body did not arrive within %d s.".formatted(timeout.toSeconds()))
                .header(HttpHeaders.CONNECTION, "close");
    }

    private static String text(DataSize size) {
        return size.toKilobytes() > 0 ? size.toKilobytes() + " KiB" : size.toBytes() + " bytes";
    }

    /** The part of a body that has arrived: kept up to the limit, then only counted. */
    private final class Buffer {

        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private long arrived;

        void add(DataBuffer part) {
            try {
                arrived += part.readableByteCount();
                if (arrived <= limit) {
                    var bytes = new byte[part.readableByteCount()];
                    part.read(bytes);
                    kept.writeBytes(bytes);
                } else if (arrived > drain) {
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
