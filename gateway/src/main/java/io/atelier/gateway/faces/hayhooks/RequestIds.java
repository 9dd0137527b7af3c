package io.atelier.gateway.faces.hayhooks;

import io.atelier.gateway.api.problem.RequestIdFilter;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Sets the header {@code x-request-id} of every response: to the client's value if it is valid, else to hex digits, as hayhooks does. Thread-safe. */
final class RequestIds implements WebFilter {

    private static final int BYTES = 8;

    private final SecureRandom random = new SecureRandom();

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        assign(exchange);
        return chain.filter(exchange);
    }

    /** Gives the request its id, unless it has one. */
    void assign(ServerWebExchange exchange) {
        var id = (String) exchange.getAttributes().computeIfAbsent(RequestIdFilter.HEADER, key -> idFor(exchange));
        exchange.getResponse().getHeaders().set(RequestIdFilter.HEADER, id);
    }

    private String idFor(ServerWebExchange exchange) {
        var ofClient = exchange.getRequest().getHeaders().getFirst(RequestIdFilter.HEADER);
        if (ofClient != null && RequestIdFilter.isValid(ofClient)) {
            return ofClient;
        }
        var bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
