package io.atelier.gateway.api.cache;

import io.atelier.gateway.api.problem.RequestIdFilter;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/** A response of status 200, without the id of the request that it was made for. Immutable. */
final class CachedResponse {

    /** About what an entry of the cache takes beside names and bytes. */
    private static final int OVERHEAD = 1_000;

    private final HttpHeaders headers;
    private final byte[] body;

    /** @param body not copied */
    CachedResponse(HttpHeaders headers, byte[] body) {
        this.headers = headers.copy();
        this.headers.remove(RequestIdFilter.HEADER);
        this.body = body;
    }

    /** The bytes of memory that it takes, roughly. */
    int weight() {
        return OVERHEAD + body.length;
    }

    /** The message to send. */
    FullHttpResponse message(String requestId) {
        var own = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        own.set(headers);
        own.set(RequestIdFilter.HEADER, requestId);
        return new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.OK,
                Unpooled.wrappedBuffer(body),
                own,
                EmptyHttpHeaders.INSTANCE);
    }
}
