package io.atelier.http;

import io.atelier.http.UnreadableRequest.Kind;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.HttpDecoderSpec;

/** Says in plain sentences why the server's decoder could not read something. Immutable. */
final class RequestFaults {

    private static final String REQUEST_ID = "x-request-id";

    private final int maxLine;
    private final int maxHeaders;

    /** @param limits of the server's decoder */
    RequestFaults(HttpDecoderSpec<?> limits) {
        this.maxLine = limits.maxInitialLineLength();
        this.maxHeaders = limits.maxHeaderSize();
    }

    /**
     * The fault of something that the decoder has refused.
     *
     * @param refused a request, or a part of its body
     * @param request that it belongs to; null if none was read
     */
    UnreadableRequest of(HttpObject refused, @Nullable HttpRequest request) {
        var cause = refused.decoderResult().cause();
        var isHead = refused instanceof HttpRequest;
        if (cause instanceof TooLongHttpLineException && isHead) {
            var detail = "The request line is longer than %d bytes. Shorten the path and the query.".formatted(maxLine);
            return fault(Kind.TARGET_TOO_LONG, detail, request);
        }
        if (cause instanceof TooLongHttpHeaderException) {
            var detail = "The header or trailer fields together are larger than %d bytes. Send fewer or shorter ones."
                    .formatted(maxHeaders);
            return fault(Kind.HEADERS_TOO_LARGE, detail, request);
        }
        if (cause instanceof RefusedFraming own) {
            return fault(Kind.MALFORMED, own.sentence(), request);
        }
        return fault(
                Kind.MALFORMED,
                isHead
                        ? "What arrived is no request of HTTP/1.1: its first line or a header field is malformed. The first line is METHOD TARGET"
                                + " HTTP/1.1, with single blanks; a blank in the target is sent as %20."
                        : "The body cannot be read: its chunks are malformed. Send it with a Content-Length, or chunked as in RFC 9112.",
                request);
    }

    private static UnreadableRequest fault(Kind kind, String detail, @Nullable HttpRequest request) {
        // The decoder makes up a whole request where it could not read the first line.
        if (request == null || request instanceof FullHttpRequest) {
            return new UnreadableRequest(kind, detail, "", null);
        }
        return new UnreadableRequest(
                kind,
                detail,
                request.uri().replaceFirst("\\?.*", ""),
                request.headers().get(REQUEST_ID));
    }

    /** A request that the decoder accepts and {@link FramingGuard} does not. Has no stack trace, because it is no failure of the service. */
    static final class RefusedFraming extends Exception {

        private static final long serialVersionUID = 1L;

        private final String sentence;

        RefusedFraming(String sentence) {
            super(sentence, null, false, false);
            this.sentence = sentence;
        }

        String sentence() {
            return sentence;
        }
    }
}
