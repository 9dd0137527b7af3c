package io.atelier.gateway.api.problem;

import io.netty.handler.codec.http.HttpMethod;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.boot.reactor.netty.NettyRouteProvider;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/**
 * Responds with a problem to requests whose target is no URI (RFC 3986), such as {@code /v1/generations/%zz}, or in no form that an API is asked in
 * (RFC 9112 §3.2), or whose Content-Type is no media type, such as one that begins with a quote. Spring cannot build a request from some of them, so no
 * handler of ours would see them, and the client would get a bare 400 or 500. Others it reads as if they named something else: it takes
 * {@code ../livez} for {@code /livez}, and {@code /v1/models;x} for {@code /v1/models}, which a proxy that guards a path does not.
 */
public final class MalformedRequestHandler implements NettyRouteProvider {

    private static final String TARGET_DETAIL =
            "The request target is no URI. Encode a percent sign as '%25', and every other character that is not allowed as '%' and two hexadecimal digits.";

    private static final String FORM_DETAIL =
            "The request target must be a path that begins with '/' and has no fragment, or such a path after http:// or https:// and a host.";

    private static final String PARAMETER_DETAIL =
            "The path has a parameter, which no path of this API has. Leave out the ';', or encode it as '%3B'.";

    private static final String TYPE_DETAIL =
            "The header Content-Type is no media type. Send one, such as application/json.";

    /** The origin form or the absolute form; neither has a fragment. */
    private static final Pattern FORM = Pattern.compile("(?i)(/[^#]*|https?://[^/?#]+[/?][^#]*|https?://[^/?#]+)");

    private static final Pattern PATH_PARAMETER = Pattern.compile("[^?]*;");

    private final ProblemAdvice advice;
    private final RequestIdFilter requestIds;

    public MalformedRequestHandler(ProblemAdvice advice, RequestIdFilter requestIds) {
        this.advice = advice;
        this.requestIds = requestIds;
    }

    @Override
    public HttpServerRoutes apply(HttpServerRoutes routes) {
        return routes.route(request -> isMalformed(request.uri()), responds(ProblemKind.INVALID_REQUEST, TARGET_DETAIL))
                .route(request -> !hasForm(request), responds(ProblemKind.INVALID_REQUEST, FORM_DETAIL))
                .route(
                        request -> PATH_PARAMETER.matcher(request.uri()).lookingAt(),
                        responds(ProblemKind.INVALID_REQUEST, PARAMETER_DETAIL))
                .route(
                        request -> isMalformedType(request.requestHeaders().get(HttpHeaders.CONTENT_TYPE)),
                        responds(ProblemKind.UNSUPPORTED_MEDIA_TYPE, TYPE_DETAIL));
    }

    private static boolean isMalformed(String target) {
        try {
            new URI(target.startsWith("/") ? "http://host" + target : target);
            return false;
        } catch (URISyntaxException e) {
            return true;
        }
    }

    /** The asterisk form is that of OPTIONS alone. */
    private static boolean hasForm(HttpServerRequest request) {
        return FORM.matcher(request.uri()).matches()
                || (request.uri().equals("*") && request.method().equals(HttpMethod.OPTIONS));
    }

    private static boolean isMalformedType(@Nullable String type) {
        if (type == null || type.isEmpty()) {
            return false;
        }
        try {
            MediaType.parseMediaType(type);
            return false;
        } catch (InvalidMediaTypeException e) {
            // Spring copes with these: 415 where the type of the body matters.
            return false;
        } catch (RuntimeException e) {
            // The parser runs off the text.
            return true;
        }
    }

    private BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> responds(
            ProblemKind kind, String detail) {
        return (request, response) -> respond(new Problem(kind, detail), request, response);
    }

    private Mono<Void> respond(Problem problem, HttpServerRequest request, HttpServerResponse response) {
        var requestId = requestIds.idOr(request.requestHeaders().get(RequestIdFilter.HEADER));
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
