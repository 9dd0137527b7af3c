package io.atelier.gateway.api.request;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Parses JSON strictly by RFC 8259: no duplicate keys, nothing after the value, at most 32 levels of nesting. */
final class StrictJson {

    private static final int MAX_DEPTH = 32;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private StrictJson() {}

    /**
     * The value in the bytes.
     *
     * @throws Problem of kind {@code INVALID_JSON}, with line and column, if they are not JSON
     */
    static JsonNode read(byte[] bytes) {
        if (bytes.length == 0) {
            throw new Problem(
                    ProblemKind.INVALID_JSON,
                    "The body is empty. Send a JSON object, such as {\"prompt\": \"a castle\"}.");
        }
        try {
            return JSON.readTree(bytes);
        } catch (JacksonException e) {
            throw invalid(e);
        }
    }

    private static Problem invalid(JacksonException failure) {
        var location = failure.getLocation();
        var cause = firstLine(failure.getOriginalMessage());
        return location == null || location.getLineNr() < 1
                ? new Problem(ProblemKind.INVALID_JSON, cause)
                : new Problem(
                                ProblemKind.INVALID_JSON,
                                "Line %d, column %d: %s".formatted(location.getLineNr(), location.getColumnNr(), cause))
                        .with("line", location.getLineNr())
                        .with("column", location.getColumnNr());
    }

    private static String firstLine(String message) {
        var line = message.lines().findFirst().orElse("The body is not JSON.");
        return line.length() <= 300 ? line : line.substring(0, 300) + "...";
    }
}
