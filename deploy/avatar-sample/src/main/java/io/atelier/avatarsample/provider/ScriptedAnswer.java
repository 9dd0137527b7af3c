package io.atelier.avatarsample.provider;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer of the scripted provider.
 *
 * @param status of HTTP, or one of the values below 100 for none
 * @param headers in addition to the content type
 * @param body as JSON
 */
public record ScriptedAnswer(int status, Map<String, String> headers, String body) {

    static final int ORDINARY = 0;
    static final int SILENCE = 1;
    static final int HANG_UP = 2;

    public ScriptedAnswer {
        headers = Map.copyOf(headers);
    }

    /** What the provider answers without a script: an image or a prompt. */
    public static ScriptedAnswer ordinary() {
        return new ScriptedAnswer(ORDINARY, Map.of(), "");
    }

    /** No answer until the provider is closed. */
    public static ScriptedAnswer silence() {
        return new ScriptedAnswer(SILENCE, Map.of(), "");
    }

    /** The connection is closed without an answer. */
    public static ScriptedAnswer hangUp() {
        return new ScriptedAnswer(HANG_UP, Map.of(), "");
    }

    public static ScriptedAnswer json(int status, String body) {
        return new ScriptedAnswer(status, Map.of(), body);
    }

    /**
     * OpenAI's content filter has refused the prompt or the image.
     *
     * @param code {@code moderation_blocked} or the older {@code content_policy_violation}
     */
    public static ScriptedAnswer moderation(String code) {
        return openAiError(
                400,
                "image_generation_user_error",
                code,
                "Your request was rejected by the safety system. safety_violations=[sexual].");
    }

    /** OpenAI's rate limit; the call may be repeated after the time. */
    public static ScriptedAnswer rateLimit(Duration retryAfter) {
        var error = openAiError(429, "requests", "rate_limit_exceeded", "Rate limit reached for images per minute.");
        return new ScriptedAnswer(
                error.status(), Map.of("Retry-After", Long.toString(retryAfter.toSeconds())), error.body());
    }

    /** OpenAI failed; the call may be repeated. */
    public static ScriptedAnswer serverError() {
        return openAiError(500, "server_error", null, "The server had an error while processing your request.");
    }

    /** OpenAI refuses the request, and would again. */
    public static ScriptedAnswer refused(String code, String message) {
        return openAiError(400, "invalid_request_error", code, message);
    }

    /** An answer of a Flowise flow with this text, which should be JSON with a {@code final_prompt}. */
    public static ScriptedAnswer flow(String text) {
        return json(200, ScriptedFlow.result("go", text));
    }

    /** Flowise's error, in its form. */
    public static ScriptedAnswer flowError(int status, String message) {
        var error = new LinkedHashMap<String, Object>();
        error.put("statusCode", status);
        error.put("success", false);
        error.put("message", message);
        error.put("stack", Map.of());
        return json(status, JsonText.write(error));
    }

    static ScriptedAnswer openAiError(int status, String type, @Nullable String code, String message) {
        var error = new LinkedHashMap<String, @Nullable Object>();
        error.put("message", message);
        error.put("type", type);
        error.put("param", null);
        error.put("code", code);
        return json(status, JsonText.write(Map.of("error", error)));
    }
}
