package io.atelier.generator.engine.automatic1111;

import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderResponse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Polls the server for the progress of one request. Newer servers with a web UI know requests by their task ids. Other servers only report the
 * progress of their current request, which is taken to be this one, because the engine sends one request at a time.
 */
final class ProgressPoller {

    private final ProviderClient client;
    private final WebUiApi api;
    private final String taskId;
    private final AtomicBoolean knowsTaskIds;

    /** @param knowsTaskIds whether the server has shown that it knows task ids; shared by all requests to the server, and set here */
    ProgressPoller(ProviderClient client, WebUiApi api, String taskId, AtomicBoolean knowsTaskIds) {
        this.client = client;
        this.api = api;
        this.taskId = taskId;
        this.knowsTaskIds = knowsTaskIds;
    }

    /**
     * The current progress. Failures are ignored, because a server without progress reports generates images all the same.
     *
     * @param run whose cancellation ends the call by an exception
     */
    Progress poll(GenerationRun run) {
        try {
            var task = client.callOnce(api.progress(taskId), run, ProgressPoller::object);
            boolean active = task.path("active").asBoolean(false);
            boolean queued = task.path("queued").asBoolean(false);
            if (active || queued) {
                knowsTaskIds.set(true);
            }
            if (active || queued || knowsTaskIds.get()) {
                return new Progress(active, active ? fraction(task) : 0);
            }
            return new Progress(true, fraction(client.callOnce(api.progress(), run, ProgressPoller::object)));
        } catch (GenerationFailed e) {
            return Progress.UNKNOWN;
        }
    }

    /** Interrupts the server's current request, without waiting for the effect. */
    void interrupt() {
        client.sendWithoutResponse(api.interrupt());
    }

    private static double fraction(JsonNode progress) {
        return Math.min(1, Math.max(0, progress.path("progress").asDouble(0)));
    }

    private static JsonNode object(ProviderResponse response) {
        return Optional.of(response)
                .filter(ProviderResponse::successful)
                .flatMap(ProviderResponse::json)
                .orElse(JsonNodeFactory.instance.objectNode());
    }

    /**
     * The progress of a request.
     *
     * @param isGenerating whether the request is the server's current one; true if that is not known
     * @param fraction the part that is done, from 0 to 1
     */
    record Progress(boolean isGenerating, double fraction) {
        static final Progress UNKNOWN = new Progress(true, 0);
    }
}
