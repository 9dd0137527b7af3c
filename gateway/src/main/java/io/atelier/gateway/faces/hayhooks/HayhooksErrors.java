package io.atelier.gateway.faces.hayhooks;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemAdvice;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.pipeline.PipelineException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/** Responds to failed requests in the form of FastAPI: an object whose member {@code detail} says what is wrong. Thread-safe. */
final class HayhooksErrors implements WebExceptionHandler {

    /** The member of a problem that has the errors of the parameters. */
    private static final String PARAMETERS = "parameters";

    private static final String DETAIL = "detail";
    private static final String JOB_ID = "job_id";

    private final ProblemAdvice problems;
    private final RequestIds requestIds;
    private final boolean isStrict;
    private final JsonMapper json;

    /** @param isStrict whether every failure of a pipeline has the status 500 */
    HayhooksErrors(ProblemAdvice problems, RequestIds requestIds, boolean isStrict, JsonMapper json) {
        this.problems = problems;
        this.requestIds = requestIds;
        this.isStrict = isStrict;
        this.json = json;
    }

    /** The problem of a request with invalid parameters. */
    static Problem invalid(List<PydanticError> errors) {
        return new Problem(ProblemKind.VALIDATION_FAILED, "The parameters are invalid.").with(PARAMETERS, errors);
    }

    /** The problem of a request to a path that exists, with another method than it has. */
    static Problem methodNotAllowed(String allowed) {
        return new Problem(ProblemKind.METHOD_NOT_ALLOWED, "Method Not Allowed").header(HttpHeaders.ALLOW, allowed);
    }

    /** The problem of a request to a path that does not exist. */
    static Problem notFound() {
        return new Problem(ProblemKind.NOT_FOUND, "Not Found");
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        requestIds.assign(exchange);
        if (failure instanceof PipelineException chosen) {
            var problem = new Problem(ProblemKind.GENERATION_FAILED, chosen.detail());
            return problems.handle(
                    exchange,
                    problem,
                    same -> rendered(HttpStatusCode.valueOf(chosen.status()), same, Map.of(DETAIL, chosen.detail())));
        }
        return problems.handle(exchange, failure, this::render);
    }

    /** The status of the response to a problem, unless every failure has the same. */
    static HttpStatusCode status(Problem problem) {
        if (problem.members().containsKey(PARAMETERS)) {
            return HttpStatus.UNPROCESSABLE_CONTENT;
        }
        var failure = failure(problem);
        return failure == null ? problem.kind().status() : failure.status();
    }

    private ProblemAdvice.Form.Rendered render(Problem problem) {
        var body = new LinkedHashMap<String, Object>();
        return rendered(fill(body, problem), problem, body);
    }

    private ProblemAdvice.Form.Rendered rendered(HttpStatusCode status, Problem problem, Map<String, Object> body) {
        var headers = new HttpHeaders();
        headers.putAll(problem.headers());
        headers.setContentType(MediaType.APPLICATION_JSON);
        headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
        problem.retryAfterSeconds().ifPresent(seconds -> headers.set(HttpHeaders.RETRY_AFTER, Long.toString(seconds)));
        if (problem.members().get(JOB_ID) instanceof String job) {
            headers.set(RunResponder.JOB_ID, job);
        }
        // What a client sent is in its errors, perhaps with half of a surrogate pair, which UTF-8 cannot express.
        var bytes = json.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValueAsBytes(body);
        return new ProblemAdvice.Form.Rendered(status, headers, ByteBuffer.wrap(bytes));
    }

    private HttpStatusCode fill(Map<String, Object> body, Problem problem) {
        var kind = problem.kind();
        var errors = problem.members().get(PARAMETERS);
        if (errors != null) {
            body.put(DETAIL, errors);
            return HttpStatus.UNPROCESSABLE_CONTENT;
        }
        var failure = failure(problem);
        if (failure == null) {
            body.put(DETAIL, words(kind, problem.detail()));
            return kind.status();
        }
        body.put(DETAIL, "Pipeline execution failed: " + problem.detail());
        body.put("code", failure.code());
        var job = problem.members().get(JOB_ID);
        if (job != null) {
            body.put(JOB_ID, job);
        }
        return isStrict ? HttpStatus.INTERNAL_SERVER_ERROR : failure.status();
    }

    private static @Nullable FailureStatus failure(Problem problem) {
        var ofJob = FailureStatus.ofJob(problem.members().get("job_error"));
        return ofJob == null ? FailureStatus.of(problem.kind()) : ofJob;
    }

    private static String words(ProblemKind kind, String detail) {
        return switch (kind) {
            case NOT_FOUND -> "Not Found";
            case METHOD_NOT_ALLOWED -> "Method Not Allowed";
            default -> detail;
        };
    }
}
