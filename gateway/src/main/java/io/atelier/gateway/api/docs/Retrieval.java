package io.atelier.gateway.api.docs;

import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.MethodNotAllowedException;
import reactor.core.publisher.Mono;

/**
 * The requests for a representation: GET, and HEAD, which a predicate for GET alone does not match, unlike {@code @GetMapping}. Other methods are
 * answered as for a controller: OPTIONS with the methods that are allowed, the rest with 405.
 */
final class Retrieval {

    private static final List<HttpMethod> ALLOWED = List.of(HttpMethod.GET, HttpMethod.HEAD);

    private Retrieval() {}

    /** Serves the path with the handler. */
    static RouterFunction<ServerResponse> of(String path, HandlerFunction<ServerResponse> handler) {
        var atPath = RequestPredicates.path(path);
        return RouterFunctions.route(
                        RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD)
                                .and(atPath),
                        handler)
                .andRoute(atPath, Retrieval::other);
    }

    private static Mono<ServerResponse> other(ServerRequest request) {
        return request.method().equals(HttpMethod.OPTIONS)
                ? ServerResponse.ok()
                        .allow(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS)
                        .build()
                : Mono.error(new MethodNotAllowedException(request.method(), ALLOWED));
    }
}
