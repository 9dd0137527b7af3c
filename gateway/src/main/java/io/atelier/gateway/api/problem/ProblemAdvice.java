package io.atelier.gateway.api.problem;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * Responds to every failed request with a problem (RFC 9457). The response has no internal details; an unexpected failure is logged with the
 * request id, which is in the response too.
 */
@Order(ProblemAdvice.BEFORE_ALL_OTHERS)
public final class ProblemAdvice implements WebExceptionHandler {

    static final int BEFORE_ALL_OTHERS = -3;

    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    private final String base;
    private final JsonMapper json;
    private final RequestIdFilter requestIds;
    private final UnreadBody unread;

    public ProblemAdvice(ProblemProperties properties, JsonMapper json, RequestIdFilter requestIds) {
        this.base = properties.base();
        this.json = json;
        this.requestIds = requestIds;
        this.unread = new UnreadBody(properties);
    }

    /** A response to a problem in another form than that of RFC 9457. */
    @FunctionalInterface
    public interface Form {

        /** The response. */
        Rendered render(Problem problem);

        /**
         * A response.
         *
         * @param headers without {@code Content-Length} and that of the request id
         */
        record Rendered(HttpStatusCode status, HttpHeaders headers, ByteBuffer body) {}
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        var requestId = requestIds.idOf(exchange);
        return handle(exchange, failure, problem -> {
            var body = body(problem, exchange.getRequest().getPath().value(), requestId);
            return new Form.Rendered(
                    problem.kind().status(), headers(problem, requestId, body.length), ByteBuffer.wrap(body));
        });
    }

    /** Responds to a failed request like {@link #handle(ServerWebExchange, Throwable)}, in another form. */
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure, Form form) {
        var response = exchange.getResponse();
        if (MalformedRestFilter.isAnsweredByServer(response)) {
            LOG.debug("The request was malformed, and the server has answered it already: {}", failure.toString());
            return Mono.empty();
        }
        if (response.isCommitted()) {
            return Mono.error(failure);
        }
        var requestId = requestIds.idOf(exchange);
        var problem = ProblemTranslation.of(failure, exchange).orElseGet(() -> unexpected(failure, requestId));

        var rendered = form.render(problem);
        var headers = response.getHeaders();
        // Without its CORS headers the page of an allowed origin could not read the problem.
        List.copyOf(headers.headerNames()).stream()
                .filter(name -> !isOfCors(name))
                .forEach(headers::remove);
        headers.putAll(rendered.headers());
        headers.set(RequestIdFilter.HEADER, requestId);
        headers.setContentLength(rendered.body().remaining());
        response.setStatusCode(rendered.status());
        var written = response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(rendered.body())));
        return unreadBody(exchange, headers)
                .then(Mono.defer(() -> MalformedRestFilter.isAnsweredByServer(response) ? Mono.empty() : written));
    }

    /** Where the connection ends with the response, the server discards what still comes when the response is sent; under TLS it cannot. */
    private Mono<Void> unreadBody(ServerWebExchange exchange, HttpHeaders response) {
        var request = exchange.getRequest();
        boolean isDiscardedLater = response.getConnection().contains("close") && request.getSslInfo() == null;
        return isDiscardedLater ? Mono.empty() : unread.discard(request);
    }

    /** The JSON of the problem of a failure, for a response that is on its way already. */
    public byte[] body(ServerWebExchange exchange, Throwable failure) {
        var requestId = requestIds.idOf(exchange);
        var problem = ProblemTranslation.of(failure, exchange).orElseGet(() -> unexpected(failure, requestId));
        return body(problem, exchange.getRequest().getPath().value(), requestId);
    }

    /**
     * The JSON of the problem.
     *
     * @param path of the request
     */
    public byte[] body(Problem problem, String path, String requestId) {
        var type = URI.create(base + problem.kind().slug());
        return json.writeValueAsBytes(ProblemDocument.of(problem, type, path, requestId));
    }

    /**
     * All headers of the response.
     *
     * @param length of the body, in bytes
     */
    public HttpHeaders headers(Problem problem, String requestId, int length) {
        var headers = new HttpHeaders();
        headers.putAll(problem.headers());
        headers.set(RequestIdFilter.HEADER, requestId);
        headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        headers.setContentLength(length);
        problem.retryAfterSeconds().ifPresent(seconds -> headers.set(HttpHeaders.RETRY_AFTER, Long.toString(seconds)));
        if (!problem.kind().retryable()) {
            // OpenAI's client libraries retry 409 and 5xx unless this header says no.
            headers.set("x-should-retry", "false");
        }
        return headers;
    }

    private static boolean isOfCors(String header) {
        return header.equalsIgnoreCase(HttpHeaders.VARY)
                || header.toLowerCase(Locale.ROOT).startsWith("access-control-");
    }

    private static Problem unexpected(Throwable failure, String requestId) {
        LOG.error("Request {} failed", requestId, failure);
        return new Problem(
                ProblemKind.INTERNAL_ERROR,
                "The gateway failed unexpectedly. Its log has the cause under the request id.");
    }
}
