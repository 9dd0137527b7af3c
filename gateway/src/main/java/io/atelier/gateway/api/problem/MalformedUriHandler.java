package io.atelier.gateway.api.problem;

import io.netty.handler.codec.http.HttpMethod;
import java.net.URI;
import java.net.URISyntaxException;
import org.springframework.boot.reactor.netty.NettyRouteProvider;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/**
 * Answers requests whose address is no URI (RFC 3986), such as {@code /v1/generations/%zz}, with a problem like any other. Spring cannot make
 * a request of them, so no handler of ours would see them, and the client would be told nothing but 400.
 */
public final class MalformedUriHandler implements NettyRouteProvider {

    private static final String DETAIL =
            "The address of the request is no URI. Write '%25' for a percent sign, and all other characters that are not allowed as '%' and two hexadecimal digits.";

    private final ProblemAdvice advice;
    private final RequestIdFilter requestIds;

    public MalformedUriHandler(ProblemAdvice advice, RequestIdFilter requestIds) {
        this.advice = advice;
        this.requestIds = requestIds;
    }

    @Override
    public HttpServerRoutes apply(HttpServerRoutes routes) {
        return routes.route(request -> malformed(request.uri()), this::answer);
    }

    private static boolean malformed(String address) {
        try {
            new URI(address.startsWith("/") ? "http://host" + address : address);
            return false;
        } catch (URISyntaxException e) {
            return true;
        }
    }

    private Mono<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        var requestId = requestIds.idOr(request.requestHeaders().get(RequestIdFilter.HEADER));
        var problem = new Problem(ProblemKind.INVALID_REQUEST, DETAIL);
        var path = request.uri().replaceFirst("\\?.*", "");
        var body = advice.body(problem, path, requestId);
        response.status(problem.kind().status().value());
        advice.headers(problem, requestId, body.length)
                .forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
        return request.method().equals(HttpMethod.HEAD)
                ? response.send().then()
                : response.sendByteArray(Mono.just(body)).then();
    }
}
