package io.atelier.generator.prompt;

import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.provider.ContentFilter;
import io.atelier.generator.provider.ProviderResponse;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the answer of a Flowise flow. Its member {@code text} is a JSON document in a string, whose {@code final_prompt} is the prompt. Existing
 * clients search the messages for parts such as {@code Flowise API error} and {@code content_policy_violation}.
 */
final class FlowiseAnswer {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int MAX_LENGTH = 32_000;

    private FlowiseAnswer() {}

    /** The prompt in a response; throws {@link ProviderResponse#failure} if it has none. */
    static String prompt(ProviderResponse response) {
        if (!response.successful()) {
            throw error(response);
        }
        var root = response.json()
                .filter(JsonNode::isObject)
                .orElseThrow(
                        () -> response.failure(Code.INVALID_RESPONSE, "The response of Flowise is not a JSON object."));
        var text = root.path("text");
        if (!text.isString()) {
            throw response.failure(Code.INVALID_RESPONSE, "The response of Flowise lacks the field 'text'.");
        }
        var prompt = parsed(text.stringValue())
                .orElseThrow(() -> response.failure(
                        Code.INVALID_RESPONSE, "The field 'text' in the response of Flowise is not a JSON object."))
                .path("final_prompt")
                .asString("")
                .strip();
        if (prompt.isEmpty() || prompt.length() > MAX_LENGTH) {
            throw response.failure(
                    Code.INVALID_RESPONSE,
                    "The field 'text' in the response of Flowise lacks a 'final_prompt' of 1 to %d characters."
                            .formatted(MAX_LENGTH));
        }
        return prompt;
    }

    /** A flow passes the errors of its language model on, mostly with a status of its own. */
    private static RuntimeException error(ProviderResponse response) {
        var message = "Flowise API error: " + response.text();
        if (response.json().filter(ContentFilter::refused).isPresent()) {
            return response.failure(
                    Code.MODERATION_BLOCKED, "Content policy violation (content_policy_violation): " + message);
        }
        return switch (response.status()) {
            case 401, 403 ->
                response.failure(
                        Code.PROVIDER_AUTH,
                        message + " Check %s.token (FLOWISE_TOKEN).".formatted(FlowiseProperties.PREFIX));
            case 404 ->
                response.failure(
                        Code.NOT_CONFIGURED,
                        message + " Check %s.flow (FLOWISE_FLOW).".formatted(FlowiseProperties.PREFIX));
            case 429 -> response.failure(Code.RATE_LIMITED, message);
            default ->
                response.failure(
                        response.status() >= 400 && response.status() < 500
                                ? Code.REQUEST_REJECTED
                                : Code.PROVIDER_ERROR,
                        message);
        };
    }

    private static Optional<JsonNode> parsed(String text) {
        try {
            return Optional.of(JSON.readTree(text)).filter(JsonNode::isObject);
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }
}
