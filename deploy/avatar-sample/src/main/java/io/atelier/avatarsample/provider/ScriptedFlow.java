package io.atelier.avatarsample.provider;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A flow of Flowise that writes prompts for grids. As in Flowise, its state is overridden by {@code overrideConfig.startState} with the id of the
 * start node as key; a body of another form does not fail, but runs the flow on its defaults.
 */
final class ScriptedFlow {

    private static final String START_NODE = "startAgentflow_0";
    private static final List<String> SCENES =
            List.of("in a kitchen", "at the sea", "in a library", "on a market", "in the snow", "at a desk");

    private ScriptedFlow() {}

    /** A value of the state that the call sets; empty if it sets none. */
    static String state(ProviderForm form, String key) {
        var override = JsonText.members(overrideConfig(form));
        var nodes = JsonText.members(override.get("startState"));
        return nodes.get(START_NODE) instanceof List<?> entries
                ? entries.stream()
                        .map(JsonText::members)
                        .filter(entry -> key.equals(entry.get("key")))
                        .map(entry -> String.valueOf(entry.get("value")))
                        .findFirst()
                        .orElse("")
                : "";
    }

    static ScriptedAnswer answer(ProviderCall call, ProviderForm form) {
        var question = form.fields().getOrDefault("question", "");
        if (question.isEmpty()) {
            return ScriptedAnswer.flowError(500, "Error: predictionsServices.buildChatflow - the question is missing");
        }
        var prompt = prompt(call.text(), state(form, "prompts_history"));
        return ScriptedAnswer.json(200, result(question, JsonText.write(Map.of("final_prompt", prompt))));
    }

    /** The result of a run, as Flowise returns it. */
    static String result(String question, String text) {
        var result = new LinkedHashMap<String, Object>();
        result.put("text", text);
        result.put("question", question);
        result.put("chatId", "8c3f7a52-9f0e-4d3c-8a44-2f6b1c0d9e71");
        result.put("chatMessageId", "0b7c2c1e-6f0d-4b3a-9f5e-3a1d2c4b5e6f");
        result.put("executionId", "5d1c9a70-17a3-4d1e-8c55-0a7f5b2e9c34");
        result.put("agentFlowExecutedData", List.of());
        return JsonText.write(result);
    }

    /** Each earlier prompt has the word Scene once, so that the next one gets another scene. */
    private static String prompt(String person, String history) {
        int scene = history.split("Scene:", -1).length - 1;
        return "Four views of the same person as a 2 x 2 grid of equal cells with white gutters, no text. Scene: %s. Person: %s."
                .formatted(SCENES.get(scene % SCENES.size()), describe(person));
    }

    private static String describe(String person) {
        if (person.isEmpty()) {
            return "an adult";
        }
        var fields = JsonText.object(person);
        return "%s %s, %s. %s"
                .formatted(
                        fields.get("firstname"),
                        fields.get("lastname"),
                        fields.get("gender"),
                        fields.get("bio_facebook"));
    }

    private static Object overrideConfig(ProviderForm form) {
        return Optional.ofNullable(form.fields().get("overrideConfig"))
                .<Object>map(JsonText::object)
                .orElse(Map.of());
    }
}
