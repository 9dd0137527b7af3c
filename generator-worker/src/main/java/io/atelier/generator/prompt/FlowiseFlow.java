package io.atelier.generator.prompt;

import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.provider.ProviderClient;

/** Runs the flow of the settings, by Flowise's prediction API ({@code POST /api/v1/prediction/ID}). Thread-safe. */
public final class FlowiseFlow {

    private final String flow;
    private final PromptServer server;

    /** @throws IllegalArgumentException if the address in the settings is not a URL */
    public FlowiseFlow(FlowiseProperties properties, ProviderClient client) {
        var setting = FlowiseProperties.PREFIX + ".url (FLOWISE_URL)";
        var endpoint = new PromptServer.Endpoint(properties.url(), setting, properties.token());
        this.flow = properties.flow();
        this.server = new PromptServer("Flowise", endpoint, properties.timeout(), client);
    }

    /**
     * Runs the flow and returns the prompt that it wrote, with retries as the settings of the client say. Each call is counted by the run.
     *
     * @param body is sent as JSON
     * @throws GenerationFailed if the flow is not configured, or wrote no prompt
     * @throws io.atelier.generator.engine.GenerationCanceled if the run was canceled
     */
    public String predict(Object body, GenerationRun run) {
        return server.postWithRetries(path(), body, run, FlowiseAnswer::prompt);
    }

    /** Like {@link #predict}, without retries. */
    String predictOnce(Object body, GenerationRun run) {
        return server.post(path(), body, run, FlowiseAnswer::prompt);
    }

    private String path() {
        if (flow.isBlank()) {
            throw PromptServer.notConfigured(FlowiseProperties.PREFIX + ".flow (FLOWISE_FLOW)");
        }
        return "api/v1/prediction/" + flow;
    }
}
