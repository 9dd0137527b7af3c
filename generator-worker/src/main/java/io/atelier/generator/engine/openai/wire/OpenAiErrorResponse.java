package io.atelier.generator.engine.openai.wire;

import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.provider.ContentFilter;
import io.atelier.generator.provider.ProviderResponse;
import io.atelier.generator.provider.RedactedText;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * The failure in an error response. Existing clients search the messages for parts such as {@code api key}, {@code Rate limit exceeded} and
 * {@code content_policy_violation}.
 *
 * @param isPermanent whether a retry is pointless although the code is usually retried
 */
record OpenAiErrorResponse(Code code, String message, boolean isPermanent) {

    private static final int MAX_LENGTH = 300;
    private static final String INSUFFICIENT_QUOTA = "insufficient_quota";

    /**
     * Reads a response that is not successful.
     *
     * @param keySetting the name of the setting of the key
     */
    static OpenAiErrorResponse of(ProviderResponse response, String keySetting) {
        var body = response.json();
        var text = body.map(OpenAiErrorResponse::text)
                .filter(message -> !message.isBlank())
                .orElseGet(response::text);
        return body.filter(ContentFilter::refused).isPresent()
                ? moderation(text)
                : of(response.status(), body.map(OpenAiErrorResponse::code).orElse(""), text, keySetting);
    }

    /**
     * Reads an error within a successful response.
     *
     * @param otherwise the code unless the content filter refused or a limit was reached
     */
    static OpenAiErrorResponse withinSuccess(JsonNode body, Code otherwise) {
        var text = text(body);
        if (ContentFilter.refused(body)) {
            return moderation(text);
        }
        var error = of(500, code(body), text, "");
        return error.code() == Code.PROVIDER_ERROR && otherwise != Code.PROVIDER_ERROR
                ? new OpenAiErrorResponse(otherwise, "Image generation failed: " + error.message(), false)
                : error;
    }

    /** Whether the body has an error. Some servers send an empty one beside their images. */
    static boolean isIn(JsonNode body) {
        var error = body.path("error");
        return error.isString()
                ? !error.stringValue().isBlank()
                : error.isContainer() ? !error.isEmpty() : error.asBoolean(false);
    }

    private static OpenAiErrorResponse moderation(String text) {
        return new OpenAiErrorResponse(
                Code.MODERATION_BLOCKED, "Content policy violation (content_policy_violation): " + text, false);
    }

    private static OpenAiErrorResponse of(int status, String code, String text, String keySetting) {
        if (code.equals(INSUFFICIENT_QUOTA)) {
            return new OpenAiErrorResponse(
                    Code.RATE_LIMITED, "Rate limit exceeded: the account has no credit left: " + text, true);
        }
        return switch (status) {
            case 401, 403 ->
                new OpenAiErrorResponse(
                        Code.PROVIDER_AUTH,
                        "The api key is missing, invalid or lacks a permission (%s): %s".formatted(keySetting, text),
                        false);
            case 405 -> new OpenAiErrorResponse(Code.METHOD_NOT_ALLOWED, "Invalid request method: " + text, false);
            case 429 ->
                new OpenAiErrorResponse(
                        Code.RATE_LIMITED, "Rate limit exceeded. Please try again later: " + text, false);
            default ->
                status >= 500
                        ? new OpenAiErrorResponse(Code.PROVIDER_ERROR, "Service error: " + text, false)
                        : new OpenAiErrorResponse(Code.REQUEST_REJECTED, "Invalid request: " + text, false);
        };
    }

    private static String code(JsonNode body) {
        var code = body.path("error").path("code").asString("");
        return (code.isEmpty() ? body.path("code").asString("") : code).toLowerCase(Locale.ROOT);
    }

    /** The message in one of the known places: OpenAI's envelope, a bare {@code error}, or FastAPI's {@code detail}. */
    private static String text(JsonNode body) {
        var error = body.path("error");
        var loading = body.path("loading");
        var text = new StringBuilder(
                firstPresent(error.path("message"), body.path("message"), error, body.path("detail")));
        if (loading.isObject()) {
            text.append(" (loading, %s s to go)"
                    .formatted(loading.path("eta_seconds").asString("some")));
        }
        return RedactedText.singleLine(text.toString(), MAX_LENGTH);
    }

    private static String firstPresent(JsonNode... nodes) {
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
