package io.atelier.standalone.client;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An error response of the gateway (problem document, RFC 9457).
 *
 * @param status the HTTP status
 * @param code the problem code, such as {@code validation-failed}; {@code http-STATUS} if the response has none
 * @param detail the explanation for users
 * @param retryable whether the same request may succeed later
 * @param retryAfterSeconds the value of {@code Retry-After}; empty if the response has none
 * @param errors the validation errors, one per field
 */
public record ProblemResponse(
        int status,
        String code,
        String detail,
        boolean retryable,
        OptionalLong retryAfterSeconds,
        List<InvalidField> errors) {

    private static final JsonMapper JSON = new JsonMapper();

    public ProblemResponse {
        errors = List.copyOf(errors);
    }

    /** Parses an error response. A body that is not a problem document, such as the page of a proxy, becomes a generic problem. */
    static ProblemResponse of(int status, String body, OptionalLong retryAfterSeconds) {
        try {
            var root = JSON.readTree(body);
            if (root.isObject()) {
                return read(status, root, retryAfterSeconds);
            }
        } catch (JacksonException e) {
            return unreadable(status, retryAfterSeconds);
        }
        return unreadable(status, retryAfterSeconds);
    }

    /** The detail, code and status, with the fields as the gateway names them. */
    public String describe() {
        return describe(UnaryOperator.identity());
    }

    /**
     * The detail, code and status. Several validation errors are listed; a single one is already in the detail.
     *
     * @param names what users call the field that a JSON pointer refers to
     */
    public String describe(UnaryOperator<String> names) {
        var text = new StringBuilder(errors.isEmpty() ? detail : errors.get(0).renamed(detail, names));
        if (errors.size() > 1) {
            errors.forEach(error -> text.append("\n  ").append(error.describe(names)));
        }
        return text.append(" (")
                .append(code)
                .append(", HTTP ")
                .append(status)
                .append(')')
                .toString();
    }

    /**
     * The same problem in other words.
     *
     * @param words what users read in place of a text of the gateway
     */
    public ProblemResponse inWords(UnaryOperator<String> words) {
        var renamed = errors.stream()
                .map(error -> new InvalidField(error.pointer(), words.apply(error.detail())))
                .toList();
        return new ProblemResponse(status, code, words.apply(detail), retryable, retryAfterSeconds, renamed);
    }

    /** The same problem, of a file that the user named; where the file was in the request is of no use to the user. */
    ProblemResponse ofFile(String name) {
        return new ProblemResponse(
                status, code, "'%s': %s".formatted(name, detail), retryable, retryAfterSeconds, List.of());
    }

    private static ProblemResponse read(int status, JsonNode root, OptionalLong retryAfterSeconds) {
        var detail = text(root, "detail", text(root, "title", "The gateway gave no reason."));
        var errors = new ArrayList<InvalidField>();
        for (var error : root.path("errors")) {
            var place = text(error, "pointer", text(error, "header", text(error, "parameter", "")));
            errors.add(new InvalidField(place, text(error, "detail", "")));
        }
        boolean retryable = root.path("retryable").asBoolean(transientStatus(status));
        return new ProblemResponse(
                status, text(root, "code", "http-" + status), detail, retryable, retryAfterSeconds, errors);
    }

    private static ProblemResponse unreadable(int status, OptionalLong retryAfterSeconds) {
        var detail = "The response is not a problem document of Atelier; check that the URL is that of a gateway.";
        return new ProblemResponse(
                status, "http-" + status, detail, transientStatus(status), retryAfterSeconds, List.of());
    }

    private static boolean transientStatus(int status) {
        return status == 429 || status == 502 || status == 503 || status == 504;
    }

    private static String text(JsonNode node, String member, String defaultValue) {
        return node.path(member).asString(defaultValue);
    }

    /**
     * A field of the request that is wrong.
     *
     * @param pointer the field, as a JSON pointer, or the name of a header or parameter; the empty string is the whole body
     * @param detail what is wrong with it
     */
    public record InvalidField(String pointer, String detail) {

        /**
         * The field and what is wrong with it, in one line.
         *
         * @param names what users call the field that a JSON pointer refers to
         */
        public String describe(UnaryOperator<String> names) {
            return pointer.isEmpty() ? detail : names.apply(pointer) + ": " + detail;
        }

        /** The detail of a problem, which may end with this error, with the name for users instead of the field. */
        private String renamed(String problem, UnaryOperator<String> names) {
            // Queries name their parameters without a slash.
            for (var place : List.of(
                    "The parameter " + pointer, "The header " + pointer, pointer, pointer.replaceFirst("^/", ""))) {
                var end = place + ": " + detail;
                if (!pointer.isEmpty() && problem.endsWith(end)) {
                    return problem.substring(0, problem.length() - end.length()) + describe(names);
                }
            }
            return problem;
        }
    }
}
