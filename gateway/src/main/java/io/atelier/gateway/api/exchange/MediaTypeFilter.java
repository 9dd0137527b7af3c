package io.atelier.gateway.api.exchange;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.Problem.FieldError;
import io.atelier.gateway.api.problem.ProblemKind;
import java.util.List;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Refuses parameters of {@code Content-Type} and {@code Accept} that have no value, on the paths of the API: they would silently do nothing. */
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
public final class MediaTypeFilter implements WebFilter {

    private static final String VERSION = "/v1/";

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return Mono.defer(() -> {
            var request = exchange.getRequest();
            if (request.getPath().pathWithinApplication().value().startsWith(VERSION)) {
                check(request.getHeaders(), HttpHeaders.CONTENT_TYPE, ProblemKind.UNSUPPORTED_MEDIA_TYPE);
                check(request.getHeaders(), HttpHeaders.ACCEPT, ProblemKind.NOT_ACCEPTABLE);
            }
            return chain.filter(exchange);
        });
    }

    private static void check(HttpHeaders headers, String name, ProblemKind kind) {
        for (var value : headers.getOrEmpty(name)) {
            MediaTypeParameters.withoutValue(value).ifPresent(parameter -> {
                var detail = "The parameter '%s' has no value. Send NAME=VALUE, or leave it out.".formatted(parameter);
                throw new Problem(kind, "The header %s is malformed. %s".formatted(name, detail))
                        .errors(List.of(FieldError.inHeader(name, detail)));
            });
        }
    }
}
