package io.atelier.http;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Adds security headers to every response, also to those of errors: browsers take no response for another type than it says, and an HTML
 * page loads and runs nothing unless its handler has set another policy.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SecurityHeaders implements WebFilter {

    private static final String POLICY = "Content-Security-Policy";
    private static final String NOTHING =
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        var response = exchange.getResponse();
        // At the end, because error handlers begin with empty headers, and the type of the response is known then.
        response.beforeCommit(() -> Mono.fromRunnable(() -> add(response.getHeaders())));
        return chain.filter(exchange);
    }

    private static void add(HttpHeaders headers) {
        setIfAbsent(headers, "X-Content-Type-Options", "nosniff");
        setIfAbsent(headers, "Referrer-Policy", "no-referrer");
        if (isPage(headers)) {
            setIfAbsent(headers, POLICY, NOTHING);
        }
    }

    private static boolean isPage(HttpHeaders headers) {
        var type = headers.getContentType();
        return type != null && (MediaType.TEXT_HTML.includes(type) || MediaType.APPLICATION_XHTML_XML.includes(type));
    }

    private static void setIfAbsent(HttpHeaders headers, String name, String value) {
        if (!headers.containsHeader(name)) {
            headers.set(name, value);
        }
    }
}
