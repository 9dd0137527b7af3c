package io.atelier.gateway.api.problem;

import java.net.URI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers every request that failed, wherever it did, with a problem of RFC 9457. Tells nothing of the inside; what nobody foresaw is
 * logged with the request's id, which the client sees too.
 */
@Order(ProblemAdvice.BEFORE_THE_FRAMEWORK)
public final class ProblemAdvice implements WebExceptionHandler {

    static final int BEFORE_THE_FRAMEWORK = -2;

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

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        var response = exchange.getResponse();
        if (response.isCommitted()) {
            return Mono.error(failure);
        }
        var requestId = requestIds.idOf(exchange);
        var problem = ProblemTranslation.of(failure, exchange).orElseGet(() -> unforeseen(failure, requestId));

        var body = body(problem, exchange.getRequest().getPath().value(), requestId);
        var headers = response.getHeaders();
        headers.clear();
        headers.putAll(headers(problem, requestId, body.length));
        response.setStatusCode(problem.kind().status());
        var answer = response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
        return unread.discard(exchange.getRequest()).then(answer);
    }

    /**
     * The JSON of the problem.
     *
     * @param path that was asked for
     */
    public byte[] body(Problem problem, String path, String requestId) {
        var type = URI.create(base + problem.kind().slug());
        return json.writeValueAsBytes(ProblemDocument.of(problem, type, path, requestId));
    }

    /** All headers of the answer, with a body of so many bytes. */
    public HttpHeaders headers(Problem problem, String requestId, int length) {
        var headers = new HttpHeaders();
        headers.putAll(problem.headers());
        headers.set(RequestIdFilter.HEADER, requestId);
        headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        headers.setContentLength(length);
        problem.retryAfterSeconds().ifPresent(wait -> headers.set(HttpHeaders.RETRY_AFTER, Long.toString(wait)));
        if (!problem.kind().retryable()) {
            // Clients of OpenAI's API would repeat a 409 or 5xx otherwise.
            headers.set("x-should-retry", "false");
        }
        return headers;
    }

    private static Problem unforeseen(Throwable failure, String requestId) {
        LOG.error("Request {} failed", requestId, failure);
        return new Problem(
                ProblemKind.INTERNAL_ERROR,
                "The gateway failed in a way that nobody foresaw. Its log says why, under the id of this request.");
    }
}
