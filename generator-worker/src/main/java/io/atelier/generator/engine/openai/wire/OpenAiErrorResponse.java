package io.atelier.generator.engine.openai.wire;

import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.provider.ProviderResponse;
import io.atelier.generator.provider.RedactedText;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Why a server refused, in the words that all share. Old clients look for parts of the messages.
 *
 * @param lasting whether to ask again is in vain, though that is the rule for its code
 */
record OpenAiErrorResponse(Code code, String message, boolean lasting) {

    private static final int LONGEST = 300;
    private static final Set<String> MODERATION = Set.of("content_policy_violation", "moderation_blocked");
    private static final String UNPAID = "insufficient_quota";

    /** Reads an answer that is none of success. */
    static OpenAiErrorResponse of(ProviderResponse answer, String keySetting) {
        var body = answer.json();
        var words = body.map(OpenAiErrorResponse::words)
                .filter(text -> !text.isBlank())
                .orElseGet(answer::text);
        return of(answer.status(), body.map(OpenAiErrorResponse::code).orElse(""), words, keySetting);
    }

    /** Reads an error that came after an answer of success had begun. */
    static OpenAiErrorResponse within(JsonNode event) {
        return of(500, code(event), words(event), "");
    }

    private static OpenAiErrorResponse of(int status, String code, String words, String keySetting) {
        if (MODERATION.contains(code) || words.contains("safety_violations")) {
            return new OpenAiErrorResponse(
                    Code.MODERATION_BLOCKED, "Content policy violation (content_policy_violation): " + words, false);
        }
        if (code.equals(UNPAID)) {
            return new OpenAiErrorResponse(
                    Code.RATE_LIMITED, "Rate limit exceeded: the account has no credit left: " + words, true);
        }
        return switch (status) {
            case 401, 403 ->
                new OpenAiErrorResponse(
                        Code.PROVIDER_AUTH,
                        "The api key is invalid or missing, or may not do this (%s): %s".formatted(keySetting, words),
                        false);
            case 405 -> new OpenAiErrorResponse(Code.METHOD_NOT_ALLOWED, "Invalid request method: " + words, false);
            case 429 ->
                new OpenAiErrorResponse(
                        Code.RATE_LIMITED, "Rate limit exceeded. Please try again later: " + words, false);
            default ->
                status >= 500
                        ? new OpenAiErrorResponse(Code.PROVIDER_ERROR, "Service error: " + words, false)
                        : new OpenAiErrorResponse(Code.REQUEST_REJECTED, "Invalid request: " + words, false);
        };
    }

    private static String code(JsonNode body) {
        return body.path("error").path("code").asString("").toLowerCase(Locale.ROOT);
    }

    /** What it says for people: OpenAI's envelope, a bare error, FastAPI's detail, or what the server calls it otherwise. */
    private static String words(JsonNode body) {
        var error = body.path("error");
        var loading = body.path("loading");
        var words = new StringBuilder(first(error.path("message"), body.path("message"), error, body.path("detail")));
        if (loading.isObject()) {
            words.append(" (loading, %s s to go)"
                    .formatted(loading.path("eta_seconds").asString("some")));
        }
        return RedactedText.line(words.toString(), LONGEST);
    }

    private static String first(JsonNode... nodes) {
        for (var node : nodes) {
            if (node.isString() && !node.asString().isBlank()) {
                return node.asString();
            }
            if (node.isContainer() && !node.isEmpty() && !node.has("message")) {
                return node.toString();
            }
        }
        return "";
    }
}
