package io.atelier.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests that the server's decoder lets through, but that a proxy before it may read in another way: another version than HTTP/1.0 and 1.1,
 * another transfer coding than {@code chunked}, and headers that have one value but are sent twice. Such a request looks malformed to the server, which
 * answers 400 itself and closes the connection; whatever follows on it is discarded. One for each connection, after the decoder.
 */
final class FramingGuard extends ChannelInboundHandlerAdapter {

    private static final Set<HttpVersion> VERSIONS = Set.of(HttpVersion.HTTP_1_0, HttpVersion.HTTP_1_1);

    /** Headers of one value (RFC 9110, Fetch), from which different readers take different ones if there are two. */
    private static final List<CharSequence> SINGLE = List.of(
            HttpHeaderNames.CONTENT_TYPE,
            HttpHeaderNames.CONTENT_RANGE,
            HttpHeaderNames.RANGE,
            HttpHeaderNames.IF_RANGE,
            HttpHeaderNames.IF_MODIFIED_SINCE,
            HttpHeaderNames.IF_UNMODIFIED_SINCE,
            HttpHeaderNames.ORIGIN,
            HttpHeaderNames.AUTHORIZATION,
            "Sec-Fetch-Site",
            "Last-Event-ID");

    private boolean isRefused;

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
                request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException(fault)));
            }
        }
        context.fireChannelRead(message);
    }

    private static @Nullable String fault(HttpRequest request) {
        if (!VERSIONS.contains(request.protocolVersion())) {
            return "The version is neither HTTP/1.0 nor HTTP/1.1";
        }
        var codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (codings.size() > 1 || codings.stream().anyMatch(coding -> !isChunked(coding))) {
            return "The only transfer coding that is read is chunked";
        }
        return SINGLE.stream()
                .filter(name -> request.headers().getAll(name).size() > 1)
                .findFirst()
                .map(name -> "The header " + name + " is sent more than once")
                .orElse(null);
    }

    private static boolean isChunked(String coding) {
        return HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(coding.strip());
    }
}
