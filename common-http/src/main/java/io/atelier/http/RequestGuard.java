package io.atelier.http;

import io.atelier.http.HttpRequestRefused.Reason;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Refuses, with {@link HttpRequestRefused}, requests to a host that is not known and requests of other sites that would change something. It
 * protects all paths, also those of actuator.
 */
@Order(RequestGuard.AFTER_THE_REQUEST_ID)
final class RequestGuard implements WebFilter {

    static final int AFTER_THE_REQUEST_ID = Ordered.HIGHEST_PRECEDENCE + 10;

    private static final int MAX_SHOWN = 100;

    private final AllowedHosts hosts;
    private final AllowedOrigins origins;

    RequestGuard(AllowedHosts hosts, AllowedOrigins origins) {
        this.hosts = hosts;
        this.origins = origins;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        var request = exchange.getRequest();
        var named = request.getHeaders().getOrEmpty(HttpHeaders.HOST);
        if (!hosts.accept(named, local(exchange))) {
            return Mono.error(new HttpRequestRefused(
                    Reason.UNKNOWN_HOST,
                    "This service does not know the host '%s'. Use 127.0.0.1, localhost or [::1], or add the host to ATELIER_HTTP_HOSTS where the service starts."
                            .formatted(shown(String.join(", ", named)))));
        }
        if (!origins.accept(request)) {
            var origin = request.getHeaders().getFirst(HttpHeaders.ORIGIN);
            return Mono.error(new HttpRequestRefused(
                    Reason.FOREIGN_ORIGIN,
                    "A web page of %s may not send %s requests to this service. To allow it, add its origin to %s where the service starts."
                            .formatted(
                                    origin == null || origin.equals("null")
                                            ? "another origin"
                                            : "the origin '" + shown(origin) + "'",
                                    request.getMethod(),
                                    origins.setting())));
        }
        return chain.filter(exchange);
    }

    private static @Nullable InetAddress local(ServerWebExchange exchange) {
        var address = exchange.getRequest().getLocalAddress();
        return address == null ? null : address.getAddress();
    }

    private static String shown(String value) {
        var printable = value.replaceAll("[^\\x20-\\x7e]", "?");
        return printable.length() <= MAX_SHOWN ? printable : printable.substring(0, MAX_SHOWN) + "...";
    }
}
