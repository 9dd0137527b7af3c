package io.atelier.generator.prompt;

import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderResponse;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rewrites prompts with a Flowise flow, by the prediction API ({@code POST /api/v1/prediction/ID}). The member {@code text} of the response
 * is a JSON document in a string; its {@code final_prompt} is the prompt.
 */
final class FlowiseEnhancer implements PromptEnhancer {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int MAX_LENGTH = 32_000;

    private final String flow;
    private final PromptServer server;

    /** @throws IllegalArgumentException if the address in the settings is not a URL */
    FlowiseEnhancer(FlowiseProperties properties, ProviderClient client) {
        var setting = FlowiseProperties.PREFIX + ".url (FLOWISE_URL)";
        var endpoint = new PromptServer.Endpoint(properties.url(), setting, properties.token());
        this.flow = properties.flow();
        this.server = new PromptServer("Flowise", endpoint, properties.timeout(), client);
    }

    @Override
    public String name() {
        return "flowise";
    }

    @Override
    public String enhance(String prompt, GenerationRun run) {
        if (flow.isBlank()) {
            throw PromptServer.notConfigured(FlowiseProperties.PREFIX + ".flow (FLOWISE_FLOW)");
        }
        return server.post("api/v1/prediction/" + flow, Map.of("question", prompt), run, FlowiseEnhancer::read);
    }

    private static String read(ProviderResponse response) {
        if (!response.successful()) {
            throw response.failure(Code.PROVIDER_ERROR, "Flowise API error: " + response.text());
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

    private static Optional<JsonNode> parsed(String text) {
        try {
            return Optional.of(JSON.readTree(text)).filter(JsonNode::isObject);
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }
}
