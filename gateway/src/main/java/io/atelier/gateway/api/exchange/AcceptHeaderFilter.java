package io.atelier.gateway.api.exchange;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import java.util.List;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Refuses a malformed or very long header {@code Accept} with a problem, before the framework reads it: it fails unexpectedly on some of them. */
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
public final class AcceptHeaderFilter implements WebFilter {

    /** The framework refuses to sort more. */
    private static final int MAX_ACCEPTED = 50;

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return Mono.defer(() -> {
            var headers = exchange.getRequest().getHeaders();
            return chain.filter(namesNoType(headers) ? withoutAccept(exchange) : exchange);
        });
    }

    /** Whether the header Accept is there, but empty or a list of nothing, which is the same as no header (RFC 9110 §5.6.1.2). */
    private static boolean namesNoType(HttpHeaders headers) {
        return headers.containsHeader(HttpHeaders.ACCEPT) && accepted(headers).isEmpty();
    }

    private static List<MediaType> accepted(HttpHeaders headers) {
        List<MediaType> accepted;
        try {
            accepted = headers.getAccept();
        } catch (RuntimeException malformed) {
            throw new Problem(
                    ProblemKind.NOT_ACCEPTABLE,
                    "The header Accept is malformed. Send media types separated by commas, such as application/json.");
        }
        if (accepted.size() > MAX_ACCEPTED) {
            throw new Problem(
                    ProblemKind.NOT_ACCEPTABLE,
                    "The header Accept names %d media types; at most %d are read. Send fewer, or */*."
                            .formatted(accepted.size(), MAX_ACCEPTED));
        }
        return accepted;
    }

    private static ServerWebExchange withoutAccept(ServerWebExchange exchange) {
        return exchange.mutate()
                .request(request -> request.headers(headers -> headers.remove(HttpHeaders.ACCEPT)))
                .build();
    }
}
