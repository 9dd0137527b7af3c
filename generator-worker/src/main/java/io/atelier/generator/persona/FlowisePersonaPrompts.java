package io.atelier.generator.persona;

import io.atelier.contract.job.Persona;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.prompt.FlowiseFlow;
import io.atelier.messaging.EventCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Has a Flowise flow write the prompts of grids. The flow gets the persona as a JSON document in a string, {@code person_data} of its start state; a
 * further prompt of a job also gets the earlier ones, {@code prompts_history}.
 */
final class FlowisePersonaPrompts implements PersonaPromptWriter {

    /** The node of the flow whose state is set. */
    private static final String START_NODE = "startAgentflow_0";

    private final FlowiseFlow flow;

    FlowisePersonaPrompts(FlowiseFlow flow) {
        this.flow = flow;
    }

    @Override
    public String name() {
        return "flowise";
    }

    @Override
    public String device() {
        return GenerationEngine.REMOTE;
    }

    @Override
    public String write(Subject subject, GenerationRun run) {
        var state = new ArrayList<Map<String, String>>();
        state.add(entry("person_data", EventCodec.json().writeValueAsString(data(subject.persona()))));
        if (!subject.earlier().isEmpty()) {
            state.add(entry("prompts_history", history(subject.earlier())));
        }
        var body = new LinkedHashMap<String, Object>();
        // Flows that read their state do not use the question, but require one.
        body.put("question", "go");
        body.put("overrideConfig", Map.of("startState", Map.of(START_NODE, state)));
        return flow.predict(body, run);
    }

    private static Map<String, String> entry(String key, String value) {
        var entry = new LinkedHashMap<String, String>();
        entry.put("key", key);
        entry.put("value", value);
        return entry;
    }

    private static String history(List<String> earlier) {
        return "These prompts were already used, avoid: " + String.join("\n\n", earlier);
    }

    /** The fields that flows know, in this order. */
    private static Map<String, String> data(Persona persona) {
        var data = new LinkedHashMap<String, String>();
        data.put("firstname", persona.firstname());
        data.put("lastname", persona.lastname());
        data.put("gender", persona.gender());
        data.put("bio_facebook", persona.bioFacebook());
        data.put("bio_instagram", persona.bioInstagram());
        data.put("bio_x", persona.bioX());
        data.put("bio_tiktok", persona.bioTiktok());
        return data;
    }
}
