package io.atelier.gateway.faces.openai;

import io.atelier.contract.job.Job;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.Problem.FieldError;
import io.atelier.gateway.api.problem.ProblemKind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request in the form of OpenAI's API, translated.
 *
 * @param body the request in this gateway's own form
 * @param places where the client wrote what is at a place in {@code body}, for errors: JSON pointers, from the place in the body
 * @param isStreamed whether the response is a stream of events
 * @param isUrl whether the response has the URLs of the images, not their bytes
 * @param quality as the client wrote it; null if it did not
 * @param warnings what had no effect
 */
record OpenAiRequest(
        ObjectNode body,
        Map<String, String> places,
        boolean isStreamed,
        boolean isUrl,
        @Nullable String quality,
        List<Job.Warning> warnings) {

    OpenAiRequest {
        places = Map.copyOf(places);
        warnings = List.copyOf(warnings);
    }

    /** The keys of the labels that the translation added. */
    Set<String> ownLabels() {
        return OpenAiRequestTranslator.LABELS.entrySet().stream()
                .filter(own -> ("/" + own.getKey()).equals(places.get("/labels/" + own.getValue())))
                .map(Map.Entry::getValue)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The same request with other places. */
    OpenAiRequest withPlaces(Map<String, String> others) {
        return new OpenAiRequest(body, others, isStreamed, isUrl, quality, warnings);
    }

    /** The problem as OpenAI's API has it: invalid parameters give 400, and are named as the client wrote them. */
    Problem translated(Problem problem) {
        return translated(problem, places);
    }

    /** Like {@link #translated(Problem)}, for a request that could not be read. */
    static Problem translated(Problem problem, Map<String, String> places) {
        var kind = problem.kind();
        var errors = problem.errors().stream()
                .map(error -> translated(error, places))
                .toList();
        if (kind != ProblemKind.VALIDATION_FAILED && kind != ProblemKind.SIZE_UNSUPPORTED) {
            return problem.errors(errors);
        }
        var other = kind == ProblemKind.SIZE_UNSUPPORTED ? ProblemKind.UNSUPPORTED_VALUE : ProblemKind.INVALID_VALUE;
        return problem.as(other, errors.isEmpty() ? problem.detail() : ParameterErrors.summary(errors))
                .errors(errors);
    }

    private static FieldError translated(FieldError error, Map<String, String> places) {
        var pointer = error.pointer();
        return pointer == null
                ? error
                : places.entrySet().stream()
                        .filter(place -> pointer.equals(place.getKey()) || pointer.startsWith(place.getKey() + "/"))
                        .findFirst()
                        .map(place -> FieldError.inBody(place.getValue(), error.detail()))
                        .orElse(error);
    }
}
