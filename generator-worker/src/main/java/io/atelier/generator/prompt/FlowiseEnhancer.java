package io.atelier.generator.prompt;

import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.provider.ProviderClient;
import java.util.Map;

/** Rewrites prompts with a Flowise flow, which gets the client's prompt as its question. */
final class FlowiseEnhancer implements PromptEnhancer {

    private final FlowiseFlow flow;

    /** @throws IllegalArgumentException if the address in the settings is not a URL */
    FlowiseEnhancer(FlowiseProperties properties, ProviderClient client) {
        this.flow = new FlowiseFlow(properties, client);
    }

    @Override
    public String name() {
        return "flowise";
    }

    @Override
    public String enhance(String prompt, GenerationRun run) {
        return flow.predictOnce(Map.of("question", prompt), run);
    }
}
