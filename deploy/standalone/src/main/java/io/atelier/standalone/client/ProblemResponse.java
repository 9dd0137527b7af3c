package io.atelier.standalone.client;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A refusal of the gateway, RFC 9457.
 *
 * @param status the HTTP status
 * @param code the kind of problem, such as {@code validation-failed}; {@code http-STATUS} if the answer names none
 * @param detail what was wrong, for people
 * @param retryable whether the same request can succeed later
 * @param retryAfterSeconds how long the gateway asks to wait; empty if it does not say
 * @param errors what is wrong with which field, one line each
 */
public record ProblemResponse(
        int status,
        String code,
        String detail,
        boolean retryable,
        OptionalLong retryAfterSeconds,
        List<String> errors) {

    private static final JsonMapper JSON = new JsonMapper();

    public ProblemResponse {
        errors = List.copyOf(errors);
    }

    /** Reads an answer that is no success; one that is no problem document (a proxy's page, say) becomes a plain one. */
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

    /** Everything that a person needs to mend the request. The detail says it all where only one thing is wrong. */
    public String describe() {
        var text = new StringBuilder(detail);
        if (errors.size() > 1) {
            errors.forEach(error -> text.append("\n  ").append(error));
        }
        return text.append(" (")
                .append(code)
                .append(", HTTP ")
                .append(status)
                .append(')')
                .toString();
    }

    private static ProblemResponse read(int status, JsonNode root, OptionalLong retryAfterSeconds) {
        var detail = text(root, "detail", text(root, "title", "The gateway gave no reason"));
        var errors = new ArrayList<String>();
        for (var error : root.path("errors")) {
            errors.add(text(error, "pointer", "") + ": " + text(error, "detail", ""));
        }
        boolean retryable = root.path("retryable").asBoolean(transientStatus(status));
        return new ProblemResponse(
                status, text(root, "code", "http-" + status), detail, retryable, retryAfterSeconds, errors);
    }

    private static ProblemResponse unreadable(int status, OptionalLong retryAfterSeconds) {
        var detail = "The answer is no problem document of Atelier; is something else listening there?";
        return new ProblemResponse(
                status, "http-" + status, detail, transientStatus(status), retryAfterSeconds, List.of());
    }

    private static boolean transientStatus(int status) {
        return status == 429 || status == 502 || status == 503 || status == 504;
    }

    private static String text(JsonNode node, String member, String otherwise) {
        return node.path(member).asString(otherwise);
    }
}
