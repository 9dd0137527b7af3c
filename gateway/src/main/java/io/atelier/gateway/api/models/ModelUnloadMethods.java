package io.atelier.gateway.api.models;

import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.MethodNotAllowedException;
import reactor.core.publisher.Mono;

/**
 * Answers the methods that {@link ModelUnloadController} does not have at its path: OPTIONS with those that are allowed, the rest with 405. Otherwise the
 * description of a model would answer them, because ids of models can have slashes.
 */
public final class ModelUnloadMethods implements RouterFunction<ServerResponse> {

    private static final RequestPredicate OTHERS = RequestPredicates.path(ModelUnloadController.PATH)
            .and(RequestPredicates.method(HttpMethod.POST).negate());

    @Override
    public Mono<HandlerFunction<ServerResponse>> route(ServerRequest request) {
        return OTHERS.test(request) ? Mono.just(ModelUnloadMethods::answer) : Mono.empty();
    }

    private static Mono<ServerResponse> answer(ServerRequest request) {
        return request.method().equals(HttpMethod.OPTIONS)
                ? ServerResponse.ok().allow(HttpMethod.POST, HttpMethod.OPTIONS).build()
                : Mono.error(new MethodNotAllowedException(request.method(), List.of(HttpMethod.POST)));
    }
}
