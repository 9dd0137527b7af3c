package io.atelier.gateway.api.problem;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON of a problem (RFC 9457), which clients of OpenAI's API can read too. */
@Schema(name = "Problem", description = "What went wrong (RFC 9457). Some kinds have members of their own.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProblemDocument(
        @Schema(example = "urn:atelier:problem:validation-failed")
        URI type,

        String title,
        @Schema(example = "422") int status,
        String detail,
        @Schema(description = "The path that was asked for") String instance,

        @Schema(description = "The last part of the type", example = "validation-failed")
        String code,

        @Schema(description = "Whether the same request can succeed later")
        boolean retryable,

        @Schema(description = "Seconds, as in the header Retry-After") @Nullable
        Long retryAfter,

        @Schema(description = "Everything that is wrong in the body") @Nullable
        List<Problem.Mistake> errors,

        @Schema(description = "The header x-request-id of the answer")
        String requestId,

        @Schema(description = "The same in the form of OpenAI's API")
        OpenAiError error,

        @Hidden @JsonAnyGetter Map<String, Object> members) {

    static ProblemDocument of(Problem problem, URI type, String instance, String requestId) {
        var kind = problem.kind();
        var errors = problem.mistakes().isEmpty() ? null : problem.mistakes();
        return new ProblemDocument(
                type,
                kind.title(),
                kind.status().value(),
                problem.detail(),
                instance,
                kind.slug(),
                kind.retryable(),
                problem.retryAfterSeconds().orElse(null),
                errors,
                requestId,
                new OpenAiError(
                        problem.detail(), kind.errorType(), errors == null ? null : param(errors), kind.errorCode()),
                problem.members());
    }

    private static @Nullable String param(List<Problem.Mistake> errors) {
        var pointer = errors.get(0).pointer();
        return pointer.isEmpty() ? null : pointer.substring(1).replace('/', '.');
    }

    /**
     * A problem as clients of OpenAI's API know it.
     *
     * @param param the field that is wrong, if it is one
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record OpenAiError(
            String message, String type, @Nullable String param, String code) {}
}
