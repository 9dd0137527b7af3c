package io.atelier.generator.prompt;

import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Has a flow of Flowise write a prompt (its prediction API, {@code POST /api/v1/prediction/ID}). The flow answers with {@code text}, a JSON
 * document in a string, whose {@code final_prompt} counts.
 */
final class FlowiseEnhancer implements PromptEnhancer {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int LONGEST = 32_000;

    /** The question that starts a flow which gets all it needs as its state. */
    private static final String GO = "go";

    private final String flow;
    private final PromptServer server;

    /** @throws IllegalArgumentException if the address in the settings is none */
    FlowiseEnhancer(FlowiseProperties properties, ProviderClient remote) {
        var setting = FlowiseProperties.PREFIX + ".url (FLOWISE_URL)";
        var place = new PromptServer.Place(properties.url(), setting, properties.token());
        this.flow = properties.flow();
        this.server = new PromptServer("Flowise", place, properties.timeout(), remote);
    }

    @Override
    public String name() {
        return "flowise";
    }

    @Override
    public String enhance(String prompt, GenerationRun run) {
        return ask(Map.of("question", prompt), run);
    }

    /**
     * A prompt for a person's pictures.
     *
     * @param used prompts that are to be avoided, since the person has pictures of them
     * @throws io.atelier.generator.engine.GenerationFailed if there is none
     */
    String describe(Persona persona, List<String> used, GenerationRun run) {
        var state = new ArrayList<Map<String, String>>();
        state.add(entry("person_data", JSON.writeValueAsString(persona.fields())));
        if (!used.isEmpty()) {
            state.add(entry("prompts_history", "These were already used, avoid them: " + String.join("; ", used)));
        }
        // Of a flow's start node only what is in its state can be overridden; fields beside it are passed over
        // silently.
        var startState = Map.of("startAgentflow_0", state);
        return ask(Map.of("question", GO, "overrideConfig", Map.of("startState", startState)), run);
    }

    private static Map<String, String> entry(String key, String value) {
        return Map.of("key", key, "value", value);
    }

    private String ask(Map<String, Object> body, GenerationRun run) {
        if (flow.isBlank()) {
            throw PromptServer.missing(FlowiseProperties.PREFIX + ".flow (FLOWISE_FLOW)");
        }
        return server.ask("api/v1/prediction/" + flow, body, run, FlowiseEnhancer::read);
    }

    private static String read(ProviderResponse answer) {
        if (!answer.successful()) {
            throw answer.failure(Code.PROVIDER_ERROR, "Flowise API error: " + answer.text());
        }
        var whole = answer.json()
                .filter(JsonNode::isObject)
                .orElseThrow(
                        () -> answer.failure(Code.INVALID_RESPONSE, "Flowise answered with what is no JSON object."));
        var text = whole.path("text");
        if (!text.isString()) {
            throw answer.failure(Code.INVALID_RESPONSE, "The answer of Flowise lacks the field 'text'.");
        }
        var prompt = parsed(text.stringValue())
                .orElseThrow(() -> answer.failure(
                        Code.INVALID_RESPONSE, "The field 'text' in the answer of Flowise is no JSON object."))
                .path("final_prompt")
                .asString("")
                .strip();
        if (prompt.isEmpty() || prompt.length() > LONGEST) {
            throw answer.failure(
                    Code.INVALID_RESPONSE,
                    "The field 'text' in the answer of Flowise lacks a 'final_prompt' of 1 to %d characters."
                            .formatted(LONGEST));
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
