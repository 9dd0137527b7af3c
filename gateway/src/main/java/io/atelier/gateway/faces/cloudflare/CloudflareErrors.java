package io.atelier.gateway.faces.cloudflare;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemAdvice;
import io.atelier.gateway.api.problem.ProblemAdvice.Form.Rendered;
import io.atelier.gateway.api.problem.ProblemKind;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** The errors of the workers: a status, and JSON with {@code error} and {@code details}. Thread-safe. */
final class CloudflareErrors {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

    /** The status of a problem that no kind of problem of the native API has. */
    private static final String STATUS = "cloudflare_status";

    private final ProblemAdvice advice;
    private final JsonMapper json;

    CloudflareErrors(ProblemAdvice advice, JsonMapper json) {
        this.advice = advice;
        this.json = json;
    }

    /** The problem of a request without a prompt, or with one that cannot be used. */
    static Problem noPrompt(String details) {
        return new Problem(ProblemKind.INVALID_REQUEST, details);
    }

    /** The problem of a request without the key. */
    static Problem unauthorized() {
        return new Problem(ProblemKind.INVALID_REQUEST, "SDXL API key invalid or missing")
                .with(STATUS, HttpStatus.UNAUTHORIZED)
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    }

    /** The problem of a request that a page of another site sent. */
    static Problem otherSite() {
        return new Problem(
                ProblemKind.CROSS_SITE_REQUEST,
                "Pages of other sites may not generate images here. Send the request from a program.");
    }

    /** The problem of a method that a path does not have. */
    static Problem wrongMethod(HttpMethod allowed) {
        return new Problem(ProblemKind.METHOD_NOT_ALLOWED, "Invalid request method")
                .header(HttpHeaders.ALLOW, allowed.name());
    }

    /** The problem of a path whose only method is switched off. */
    static Problem getIsOff() {
        return new Problem(
                        ProblemKind.METHOD_NOT_ALLOWED,
                        "Invalid request method: a GET that generates is off. Set ATELIER_CLOUDFLARE_FACE_GET to true.")
                .header(HttpHeaders.ALLOW, "");
    }

    /** The problem of a request that has to wait. */
    static Problem rateLimited(String details, Duration retryAfter) {
        return new Problem(
                        ProblemKind.INVALID_REQUEST,
                        ("Rate limit exceeded. Please try again later. " + details).strip())
                .with(STATUS, HttpStatus.TOO_MANY_REQUESTS)
                .retryAfter(retryAfter);
    }

    /** The problem of a request for which too many others wait. */
    static Problem queueFull(int queued) {
        return rateLimited("%d generations wait already.".formatted(queued), RETRY_AFTER);
    }

    /** Responds to a failed request. */
    Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        return advice.handle(exchange, failure, this::render);
    }

    private Rendered render(Problem problem) {
        var headers = new HttpHeaders();
        headers.putAll(problem.headers());
        headers.setContentType(MediaType.APPLICATION_JSON);
        headers.setCacheControl("no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        problem.retryAfterSeconds().ifPresent(seconds -> headers.set(HttpHeaders.RETRY_AFTER, Long.toString(seconds)));
        var status = status(problem);
        var body = json.createObjectNode();
        if (status == HttpStatus.BAD_REQUEST) {
            body.put("error", "Invalid prompt or request format");
            body.put("details", details(problem));
        } else {
            body.put("error", problem.detail());
        }
        return new Rendered(status, headers, ByteBuffer.wrap(json.writeValueAsBytes(body)));
    }

    private static String details(Problem problem) {
        return problem.errors().stream()
                .map(error -> error.place() + ": " + error.detail())
                .reduce((one, other) -> one + " " + other)
                .orElse(problem.detail());
    }

    /** The clients know 400 for all that is wrong with a request. */
    private static HttpStatus status(Problem problem) {
        if (problem.members().get(STATUS) instanceof HttpStatus status) {
            return status;
        }
        return switch (problem.kind()) {
            case VALIDATION_FAILED, SIZE_UNSUPPORTED, UNSUPPORTED_MEDIA_TYPE, MODEL_NOT_FOUND -> HttpStatus.BAD_REQUEST;
            default -> problem.kind().status();
        };
    }
}
