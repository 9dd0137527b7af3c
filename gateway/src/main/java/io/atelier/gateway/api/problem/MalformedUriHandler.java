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
 * Responds with a problem to requests whose target is no URI (RFC 3986), such as {@code /v1/generations/%zz}. Spring cannot build a request
 * from them, so no handler of ours would see them, and the client would get a bare 400.
 */
public final class MalformedUriHandler implements NettyRouteProvider {

    private static final String DETAIL =
            "The request target is no URI. Encode a percent sign as '%25', and every other character that is not allowed as '%' and two hexadecimal digits.";

    private final ProblemAdvice advice;
    private final RequestIdFilter requestIds;

    public MalformedUriHandler(ProblemAdvice advice, RequestIdFilter requestIds) {
        this.advice = advice;
        this.requestIds = requestIds;
    }

    @Override
    public HttpServerRoutes apply(HttpServerRoutes routes) {
        return routes.route(request -> isMalformed(request.uri()), this::respond);
    }

    private static boolean isMalformed(String target) {
        try {
            new URI(target.startsWith("/") ? "http://host" + target : target);
            return false;
        } catch (URISyntaxException e) {
            return true;
        }
    }

    private Mono<Void> respond(HttpServerRequest request, HttpServerResponse response) {
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
