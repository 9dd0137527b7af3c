package io.atelier.gateway.api.problem;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Discards the response to a request whose rest turned out to be no HTTP, such as a malformed chunk: the server itself has then answered with 400 and
 * closes the connection.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class MalformedRestFilter implements WebFilter {

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        var response = exchange.getResponse();
        response.beforeCommit(() -> hasServerSent(response)
                ? Mono.error(new AbortedException("The server has answered a malformed request"))
                : Mono.empty());
        return chain.filter(exchange);
    }

    /** Whether the server has sent a response of its own. */
    static boolean isAnsweredByServer(ServerHttpResponse response) {
        return !response.isCommitted() && hasServerSent(response);
    }

    private static boolean hasServerSent(ServerHttpResponse response) {
        HttpServerResponse server = ServerHttpResponseDecorator.getNativeResponse(response);
        return server.hasSentHeaders();
    }
}
