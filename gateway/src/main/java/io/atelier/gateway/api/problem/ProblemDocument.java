package io.atelier.gateway.api.problem;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.messaging.logging.ControlCharacters;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON of a problem (RFC 9457), with the member {@code error} for clients of OpenAI's API. */
@Schema(name = "Problem", description = "A problem (RFC 9457). Some kinds have additional members.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProblemDocument(
        @Schema(example = "urn:atelier:problem:validation-failed")
        URI type,

        String title,
        @Schema(example = "422") int status,
        String detail,

        @Schema(description = "The path of the request; empty if the request has none that can be read")
        String instance,

        @Schema(description = "The last part of the type", example = "validation-failed")
        String code,

        @Schema(description = "Whether the client may send the same request again")
        boolean retryable,

        @Schema(description = "Seconds, as in the header Retry-After") @Nullable
        Long retryAfter,

        @Schema(description = "The errors of the request, one for each field, header or parameter") @Nullable
        List<Problem.FieldError> errors,

        @Schema(description = "The header x-request-id of the response")
        String requestId,

        @Schema(description = "The same problem in the format of OpenAI's API")
        OpenAiError error,

        @Hidden @JsonAnyGetter Map<String, Object> members) {

    static ProblemDocument of(Problem problem, URI type, String instance, String requestId) {
        var kind = problem.kind();
        // Both repeat what the client sent, and a terminal may show them.
        var detail = ControlCharacters.escape(problem.detail());
        var errors = problem.errors().isEmpty() ? null : escaped(problem.errors());
        return new ProblemDocument(
                type,
                kind.title(),
                kind.status().value(),
                detail,
                ControlCharacters.escape(instance),
                kind.slug(),
                kind.retryable(),
                problem.retryAfterSeconds().orElse(null),
                errors,
                requestId,
                new OpenAiError(
                        detail,
                        kind.errorType(),
                        errors == null ? null : errors.get(0).param(),
                        kind.errorCode()),
                problem.members());
    }

    /** The pointers are left as they are: they must name the fields of the body. */
    private static List<Problem.FieldError> escaped(List<Problem.FieldError> errors) {
        return errors.stream()
                .map(error -> error.detail(ControlCharacters.escape(error.detail())))
                .toList();
    }

    /**
     * A problem in the format of OpenAI's API.
     *
     * @param param the field with the first error, in dotted notation, or the header or parameter; null if none has one
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record OpenAiError(
            String message, String type, @Nullable String param, String code) {}
}
