package io.atelier.http;

import io.atelier.http.RequestFaults.RefusedFraming;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses requests that the server's decoder lets through, but that a proxy before it may read in another way: another version than HTTP/1.0 and 1.1,
 * another transfer coding than {@code chunked}, and headers that have one value but are sent twice. Such a request looks malformed to the server, which
 * answers 400 itself and closes the connection; whatever follows on it is discarded. The server answers this and all else that is malformed without a body,
 * which becomes a problem here. Where the target names a host, the header {@code Host} becomes that one. One for each connection, after the decoder.
 */
final class FramingGuard extends ChannelDuplexHandler {

    private static final Logger LOG = LoggerFactory.getLogger(FramingGuard.class);

    private static final String NOSNIFF = "X-Content-Type-Options";
    private static final String REFERRERS = "Referrer-Policy";

    private static final Set<HttpVersion> VERSIONS = Set.of(HttpVersion.HTTP_1_0, HttpVersion.HTTP_1_1);

    /** Headers of one value (RFC 9110, Fetch), from which different readers take different ones if there are two. */
    private static final List<CharSequence> SINGLE = List.of(
            HttpHeaderNames.HOST,
            HttpHeaderNames.CONTENT_TYPE,
            HttpHeaderNames.CONTENT_RANGE,
            HttpHeaderNames.RANGE,
            HttpHeaderNames.IF_RANGE,
            HttpHeaderNames.IF_MODIFIED_SINCE,
            HttpHeaderNames.IF_UNMODIFIED_SINCE,
            HttpHeaderNames.ORIGIN,
            HttpHeaderNames.AUTHORIZATION,
            AsciiString.cached("Sec-Fetch-Site"),
            AsciiString.cached("Last-Event-ID"));

    private static final char DELETE = 0x7f;

    /** A host that URIs can have: whether it is one of this server is checked later. */
    private static final Pattern AUTHORITY = Pattern.compile("(\\[[^\\]]*\\]|[^:\\[\\]]*)(:[0-9]+)?");

    private static final Pattern ABSOLUTE_FORM = Pattern.compile("(?i)[a-z][a-z0-9+.-]*://([^/?#]*)");

    private final RequestFaults faults;
    private final UnreadableRequestRenderer renderer;
    private boolean isRefused;
    private @Nullable HttpRequest latest;
    private @Nullable UnreadableRequest unreadable;

    FramingGuard(RequestFaults faults, UnreadableRequestRenderer renderer) {
        this.faults = faults;
        this.renderer = renderer;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (isRefused) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest request && request.decoderResult().isSuccess()) {
            var fault = fault(request);
            if (fault != null) {
                isRefused = true;
                // The response names the version of its request.
                request.setProtocolVersion(HttpVersion.HTTP_1_1);
                request.setDecoderResult(DecoderResult.failure(new RefusedFraming(fault)));
            } else {
                takeHostOfTarget(request);
            }
        }
        if (message instanceof HttpObject part) {
            keep(part);
        }
        context.fireChannelRead(message);
    }

    /** RFC 9112 §3.2.2: with a target of the absolute form, the header is ignored. */
    private static void takeHostOfTarget(HttpRequest request) {
        var host = hostOfTarget(request);
        if (host != null) {
            request.headers().set(HttpHeaderNames.HOST, host);
        }
    }

    /** The host and port of a target of the absolute form; null for the other forms. */
    private static @Nullable String hostOfTarget(HttpRequest request) {
        if (request.uri().startsWith("/")) {
            return null;
        }
        var absolute = ABSOLUTE_FORM.matcher(request.uri());
        return absolute.lookingAt() ? absolute.group(1) : null;
    }

    private static boolean isMalformed(String host) {
        return !host.isEmpty() && !AUTHORITY.matcher(host).matches();
    }

    private void keep(HttpObject part) {
        if (part instanceof HttpRequest request) {
            latest = request;
        }
        if (part.decoderResult().isFailure() && unreadable == null) {
            unreadable = faults.of(part, latest);
            LOG.debug("{}: {}", unreadable.kind().code(), unreadable.detail());
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (unreadable != null && message instanceof FullHttpResponse response && isOfServer(response)) {
            response.release();
            var unused = context.write(problem(unreadable), promise);
        } else {
            var unused = context.write(message, promise);
        }
    }

    /** Whether the server has written it by itself: all others have the header. */
    private static boolean isOfServer(FullHttpResponse response) {
        return response.status().codeClass() == HttpStatusClass.CLIENT_ERROR
                && !response.content().isReadable()
                && !response.headers().contains(NOSNIFF);
    }

    private FullHttpResponse problem(UnreadableRequest request) {
        var rendered = renderer.render(request);
        var response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(request.kind().status().value()),
                Unpooled.wrappedBuffer(rendered.body()));
        rendered.headers().forEach((name, values) -> response.headers().set(name, values));
        response.headers()
                .set(NOSNIFF, "nosniff")
                .set(REFERRERS, "no-referrer")
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        return response;
    }

    private static @Nullable String fault(HttpRequest request) {
        if (!VERSIONS.contains(request.protocolVersion())) {
            return "The version is neither HTTP/1.0 nor HTTP/1.1. Send the request with HTTP/1.1.";
        }
        if (hasOtherCoding(request)) {
            return "The only transfer coding that is read is chunked, once. Send the body with it, or with a Content-Length.";
        }
        if (!request.uri().startsWith("/") && request.uri().chars().anyMatch(c -> c <= ' ' || c == DELETE)) {
            return "The target has a control character. Send it percent-encoded.";
        }
        var host = hostOfTarget(request);
        if (isMalformed(
                host != null
                        ? host
                        : request.headers().get(HttpHeaderNames.HOST, "").strip())) {
            return "The host is malformed. Send a name or an address, an IPv6 address in brackets, and after it nothing but a port, in digits.";
        }
        // Not a stream: this is done for each request.
        for (var name : SINGLE) {
            if (isRepeated(request, name)) {
                return "The header " + name + " is sent more than once. Send it once.";
            }
        }
        return null;
    }

    private static boolean isRepeated(HttpRequest request, CharSequence name) {
        var values = request.headers().valueCharSequenceIterator(name);
        if (!values.hasNext()) {
            return false;
        }
        values.next();
        return values.hasNext();
    }

    /** Whether the request has another transfer coding than {@code chunked}, or several. */
    static boolean hasOtherCoding(HttpRequest request) {
        if (!request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            return false;
        }
        var codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        return codings.size() > 1 || codings.stream().anyMatch(coding -> !isChunked(coding));
    }

    private static boolean isChunked(String coding) {
        return HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(coding.strip());
    }
}
