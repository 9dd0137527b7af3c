package io.atelier.gateway.api.docs;

import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RequestPredicates;

/** The requests for a representation: GET, and HEAD, which a predicate for GET alone does not match, unlike {@code @GetMapping}. */
final class Retrieval {

    private Retrieval() {}

    /** Matches GET and HEAD of the path. */
    static RequestPredicate of(String path) {
        return RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD).and(RequestPredicates.path(path));
    }
}
