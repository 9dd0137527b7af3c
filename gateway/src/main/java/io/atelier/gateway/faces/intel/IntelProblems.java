package io.atelier.gateway.faces.intel;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemAdvice;
import io.atelier.gateway.api.problem.ProblemKind;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * The errors of the face. Their bodies have both shapes that the replaced service's clients know: {@code status} and {@code message} as its
 * documentation has them, {@code detail} as its code had it. Thread-safe.
 */
final class IntelProblems implements WebExceptionHandler {

    private static final String RUN_REFUSED = "Pipeline execution is already running or pipeline is not initialized.";
    private static final String BUSY = "Another pipeline execution is in progress. Please wait until it completes.";
    private static final String NOT_INITIALIZED = "Pipeline is not initialized.";
    private static final String NOT_COMPLETE = "Pipeline execution is not yet complete.";
    private static final String IMAGE_NOT_FOUND = "Generated image not found.";

    private static final String MESSAGE = "intel_message";
    private static final String ITEMS = "intel_items";

    private final ProblemAdvice advice;
    private final JsonMapper json;

    IntelProblems(ProblemAdvice advice, JsonMapper json) {
        this.advice = advice;
        this.json = json;
    }

    /** An error in a request, in the form of FastAPI. */
    record Item(
            String type,
            List<Object> loc,
            String msg,
            @Nullable Object input,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Map<String, String> ctx) {

        Item(String type, List<Object> loc, String msg, @Nullable Object input) {
            this(type, loc, msg, input, null);
        }
    }

    /** The problem of a session whose job has not ended. */
    static Problem busy() {
        return new Problem(ProblemKind.INVALID_REQUEST, BUSY).with(MESSAGE, RUN_REFUSED);
    }

    /** The problem of a session without a device; the reason follows where there is more to say. */
    static Problem notInitialized(String reason) {
        return new Problem(ProblemKind.INVALID_REQUEST, (NOT_INITIALIZED + " " + reason).strip())
                .with(MESSAGE, RUN_REFUSED);
    }

    /** The problem of a session without a result. */
    static Problem notComplete() {
        return new Problem(ProblemKind.INVALID_REQUEST, NOT_COMPLETE);
    }

    /** The problem of a session whose job has failed. */
    static Problem failed(Job job) {
        var error = job.error();
        var reason = error == null
                ? job.status().name() + ": "
                        + (job.status() == JobStatus.CANCELED
                                ? "The generation was canceled."
                                : "The generation ended without an image.")
                : error.code().name() + ": " + error.message();
        return new Problem(ProblemKind.GENERATION_FAILED, "Pipeline execution failed: " + reason)
                .header(IntelHandler.JOB_ID, job.id().value())
                .header(IntelHandler.MODEL, job.request().model());
    }

    /** The problem of an image that the store does not have any more. */
    static Problem imageNotFound() {
        return new Problem(ProblemKind.INTERNAL_ERROR, IMAGE_NOT_FOUND);
    }

    /** The problem of a wrong request. */
    static Problem invalid(List<Item> items) {
        return new Problem(ProblemKind.VALIDATION_FAILED, "The request is not valid.").with(ITEMS, items);
    }

    /** The problem of a path that does not exist. */
    static Problem unknownPath() {
        return new Problem(ProblemKind.NOT_FOUND, "Not Found");
    }

    /** The problem of a path that has another method. */
    static Problem wrongMethod(HttpMethod allowed) {
        return new Problem(ProblemKind.METHOD_NOT_ALLOWED, "Method Not Allowed")
                .header(HttpHeaders.ALLOW, allowed.name());
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        return advice.handle(exchange, failure, this::render);
    }

    private ProblemAdvice.Form.Rendered render(Problem problem) {
        var headers = new HttpHeaders();
        headers.putAll(problem.headers());
        headers.setContentType(MediaType.APPLICATION_JSON);
        headers.setCacheControl("no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        problem.retryAfterSeconds().ifPresent(seconds -> headers.set(HttpHeaders.RETRY_AFTER, Long.toString(seconds)));
        return new ProblemAdvice.Form.Rendered(
                problem.kind().status(), headers, ByteBuffer.wrap(json.writeValueAsBytes(body(problem))));
    }

    private Object body(Problem problem) {
        var items = problem.members().get(ITEMS);
        if (items != null) {
            return Map.of("detail", items);
        }
        if (problem.kind() == ProblemKind.NOT_FOUND || problem.kind() == ProblemKind.METHOD_NOT_ALLOWED) {
            return Map.of("detail", problem.detail());
        }
        var body = json.createObjectNode();
        body.put("status", "error");
        body.put("message", String.valueOf(problem.members().getOrDefault(MESSAGE, problem.detail())));
        return body.put("detail", problem.detail());
    }
}
