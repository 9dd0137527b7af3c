package io.atelier.http;

import org.springframework.core.annotation.Order;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;

/** Responds to a refused request with a problem (RFC 9457), in a service that has no problems of its own for it. */
@Order(RefusedRequestHandler.BEFORE_THE_FRAMEWORK)
final class RefusedRequestHandler implements WebExceptionHandler {

    static final int BEFORE_THE_FRAMEWORK = -2;

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        var response = exchange.getResponse();
        if (!(failure instanceof HttpRequestRefused refused) || response.isCommitted()) {
            return Mono.error(failure);
        }
        var why = refused.why();
        var body = new ListenerProblem(refused.getStatusCode(), why.code(), why.title(), refused.detail()).body();
        response.setStatusCode(refused.getStatusCode());
        response.getHeaders().putAll(ListenerProblem.headers(body.length));
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
    }
}
