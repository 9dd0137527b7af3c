package io.atelier.gateway.api.exchange;

import io.netty.handler.codec.http.HttpVersion;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Sends no chunks to clients of HTTP/1.0, which do not know them (RFC 9112 §6.1): a response without a Content-Length, such as an event stream, ends with
 * its connection.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class Http10Filter implements WebFilter {

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        HttpServerRequest request = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
        if (request.version().compareTo(HttpVersion.HTTP_1_1) < 0) {
            HttpServerResponse response = ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse());
            response.chunkedTransfer(false);
        }
        return chain.filter(exchange);
    }
}
