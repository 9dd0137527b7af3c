package io.atelier.gateway.api.docs;

import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Sets the content security policy of the pages of Swagger UI; every other page gets the strict one of all services, or its own. */
public final class PagePolicies implements WebFilter {

    /** The header of a policy. */
    public static final String HEADER = "Content-Security-Policy";

    private static final String ALL =
            "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';";

    /** The policy of a page that loads everything from this gateway. */
    static final String OWN = ALL + " img-src 'self' data:; style-src 'self'";

    /** Swagger UI sets styles of elements, and shows images that it has received. */
    public static final String SWAGGER_UI = ALL + " img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'";

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        var path = exchange.getRequest().getPath().pathWithinApplication().value();
        if (path.contains("/swagger-ui/")) {
            exchange.getResponse().getHeaders().set(HEADER, SWAGGER_UI);
        }
        return chain.filter(exchange);
    }
}
