package io.atelier.gateway.api.problem;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Sets the header {@code x-request-id} of every response: to the client's value if it is valid, else to a new one. */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class RequestIdFilter implements WebFilter {

    public static final String HEADER = "x-request-id";

    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9._:/+=-]{1,128}");

    private final SecureRandom random = new SecureRandom();

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        var id = idOr(exchange.getRequest().getHeaders().getFirst(HEADER));
        exchange.getAttributes().put(HEADER, id);
        exchange.getResponse().getHeaders().set(HEADER, id);
        return chain.filter(exchange);
    }

    /** The id of the request. */
    String idOf(ServerWebExchange exchange) {
        // A request that failed before this filter ran has no id yet.
        return (String) exchange.getAttributes().computeIfAbsent(HEADER, key -> newId());
    }

    /** The client's id if it is valid, else a new one. */
    public String idOr(@Nullable String clientId) {
        return clientId != null && isValid(clientId) ? clientId : newId();
    }

    /** Whether a client's id can be used. */
    public static boolean isValid(String clientId) {
        return VALID.matcher(clientId).matches();
    }

    private String newId() {
        var bytes = new byte[12];
        random.nextBytes(bytes);
        return "req_" + HexFormat.of().formatHex(bytes);
    }
}
