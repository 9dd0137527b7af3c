package io.atelier.http;

import io.atelier.http.HttpRequestRefused.Reason;
import java.net.InetAddress;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Refuses, with {@link HttpRequestRefused}, requests to a host that is not known and requests of other sites that would change something. It
 * protects all paths, also those of actuator.
 */
@Order(RequestGuard.AFTER_THE_REQUEST_ID)
final class RequestGuard implements WebFilter {

    static final int AFTER_THE_REQUEST_ID = Ordered.HIGHEST_PRECEDENCE + 10;

    private static final int MAX_SHOWN = 100;

    private static final Pattern ABSOLUTE_FORM = Pattern.compile("(?i)[a-z][a-z0-9+.-]*://([^/?#]*)");

    private final AllowedHosts hosts;
    private final AllowedOrigins origins;

    RequestGuard(AllowedHosts hosts, AllowedOrigins origins) {
        this.hosts = hosts;
        this.origins = origins;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        var request = exchange.getRequest();
        var named = named(request);
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

    /** The host in the header, and the one in a target of the absolute form if it is another one; a proxy would follow the latter (RFC 9112 §3.2.2). */
    private static List<String> named(ServerHttpRequest request) {
        var named = request.getHeaders().getOrEmpty(HttpHeaders.HOST);
        if (!(ServerHttpRequestDecorator.getNativeRequest(request) instanceof HttpServerRequest server)) {
            return named;
        }
        var absolute = ABSOLUTE_FORM.matcher(server.uri());
        return absolute.lookingAt()
                ? Stream.concat(named.stream(), Stream.of(absolute.group(1)))
                        .distinct()
                        .toList()
                : named;
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
