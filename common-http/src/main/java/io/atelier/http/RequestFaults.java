package io.atelier.http;

import io.atelier.http.UnreadableRequest.Kind;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.ContentLengthNotAllowedException;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.InvalidChunkExtensionException;
import io.netty.handler.codec.http.InvalidChunkTerminationException;
import io.netty.handler.codec.http.InvalidLineSeparatorException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http.TransferEncodingNotAllowedException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.HttpDecoderSpec;

/** Says in plain sentences why the server's decoder could not read something. Immutable. */
final class RequestFaults {

    private static final String REQUEST_ID = "x-request-id";

    /** Of at most 18 digits, so that it is a number that the decoder reads. */
    private static final Pattern LENGTH = Pattern.compile("0*\\d{1,18}");

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
        return fault(Kind.MALFORMED, isHead ? ofHead(cause, (HttpRequest) refused) : ofBody(cause), request);
    }

    private static String ofHead(Throwable cause, HttpRequest head) {
        if (cause instanceof InvalidLineSeparatorException) {
            return "A line of the request's head does not end with carriage return and line feed. End each line with both.";
        }
        if (cause instanceof ContentLengthNotAllowedException) {
            return "The request has both a Content-Length and a Transfer-Encoding. Send one of them.";
        }
        if (cause instanceof TransferEncodingNotAllowedException || FramingGuard.hasOtherCoding(head)) {
            return "The Transfer-Encoding cannot be read. The only coding is chunked, once, and only in HTTP/1.1; or send the body with a"
                    + " Content-Length.";
        }
        if (isMadeUp(head)) {
            return "What arrived is no request of HTTP/1.1: its first line is malformed. It is METHOD TARGET HTTP/1.1, with single blanks; a blank"
                    + " in the target is sent as %20.";
        }
        if (!isLength(head.headers().getAll(HttpHeaderNames.CONTENT_LENGTH))) {
            return "The Content-Length is no length. Send it once, as a whole number of bytes.";
        }
        return "A header field is malformed, or not complete. Each is a line with NAME: VALUE, without a blank before the colon, and without control"
                + " characters.";
    }

    private static boolean isLength(List<String> lengths) {
        return lengths.isEmpty()
                || (lengths.size() == 1 && LENGTH.matcher(lengths.get(0)).matches());
    }

    private static String ofBody(Throwable cause) {
        if (cause instanceof InvalidLineSeparatorException || cause instanceof InvalidChunkTerminationException) {
            return "A chunk of the body, or the line with its size, does not end with carriage return and line feed; or the chunk has another length"
                    + " than its size.";
        }
        if (cause instanceof NumberFormatException) {
            return "The size of a chunk is no hexadecimal number of bytes.";
        }
        if (cause instanceof TooLongFrameException) {
            return "The line with the size of a chunk is too long. Leave out its extensions.";
        }
        if (cause instanceof InvalidChunkExtensionException) {
            return "The extension of a chunk is malformed. Leave it out.";
        }
        return "The trailer of the body is malformed. Each field is a line with NAME: VALUE; most bodies need none.";
    }

    /** The decoder makes up a whole request where it could not read the first line. */
    private static boolean isMadeUp(HttpRequest request) {
        return request instanceof FullHttpRequest;
    }

    private static UnreadableRequest fault(Kind kind, String detail, @Nullable HttpRequest request) {
        if (request == null || isMadeUp(request)) {
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
