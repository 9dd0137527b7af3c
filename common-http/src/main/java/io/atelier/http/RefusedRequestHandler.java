package io.atelier.http;

import java.util.LinkedHashMap;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Responds to a refused request with a problem (RFC 9457), in a service that has no problems of its own for it. */
@Order(RefusedRequestHandler.BEFORE_THE_FRAMEWORK)
final class RefusedRequestHandler implements WebExceptionHandler {

    static final int BEFORE_THE_FRAMEWORK = -2;

    private final JsonMapper json = JsonMapper.shared();

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        var response = exchange.getResponse();
        if (!(failure instanceof HttpRequestRefused refused) || response.isCommitted()) {
            return Mono.error(failure);
        }
        var problem = new LinkedHashMap<String, Object>();
        problem.put("type", "urn:atelier:problem:" + refused.why().code());
        problem.put("title", refused.why().title());
        problem.put("status", refused.getStatusCode().value());
        problem.put("detail", refused.detail());
        problem.put("code", refused.why().code());
        var body = json.writeValueAsBytes(problem);
        response.setStatusCode(refused.getStatusCode());
        response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        response.getHeaders().setContentLength(body.length);
        response.getHeaders().set(HttpHeaders.CACHE_CONTROL, "no-store");
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
    }
}
