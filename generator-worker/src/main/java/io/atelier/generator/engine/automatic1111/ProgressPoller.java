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
 * Asks the server how one request does. Newer servers with a web UI know requests by their names. The others only tell of whatever they draw
 * now, which is believed to be this request, because this engine sends one at a time.
 */
final class ProgressPoller {

    private final ProviderClient remote;
    private final WebUiApi api;
    private final String task;
    private final AtomicBoolean named;

    /** @param named whether the server was seen to know requests by their names; shared by all of them, and set here */
    ProgressPoller(ProviderClient remote, WebUiApi api, String task, AtomicBoolean named) {
        this.remote = remote;
        this.api = api;
        this.task = task;
        this.named = named;
    }

    /**
     * How the request does now. Progress is a courtesy: a server that does not tell it draws all the same.
     *
     * @param run ends the question, by an exception, when it is told to stop
     */
    Standing look(GenerationRun run) {
        try {
            var known = remote.ask(api.progress(task), run, ProgressPoller::object);
            boolean drawing = known.path("active").asBoolean(false);
            boolean waiting = known.path("queued").asBoolean(false);
            if (drawing || waiting) {
                named.set(true);
            }
            if (drawing || waiting || named.get()) {
                return new Standing(drawing, drawing ? fraction(known) : 0);
            }
            return new Standing(true, fraction(remote.ask(api.progress(), run, ProgressPoller::object)));
        } catch (GenerationFailed e) {
            return Standing.UNKNOWN;
        }
    }

    /** Stops what the server draws; does not wait for it. */
    void interrupt() {
        remote.tell(api.interrupt());
    }

    private static double fraction(JsonNode told) {
        return Math.min(1, Math.max(0, told.path("progress").asDouble(0)));
    }

    private static JsonNode object(ProviderResponse answer) {
        return Optional.of(answer)
                .filter(ProviderResponse::successful)
                .flatMap(ProviderResponse::json)
                .orElse(JsonNodeFactory.instance.objectNode());
    }

    /**
     * How a request does.
     *
     * @param drawing whether it is what the server draws now, as far as anybody can know
     * @param fraction how far it is, 0 to 1
     */
    record Standing(boolean drawing, double fraction) {
        static final Standing UNKNOWN = new Standing(true, 0);
    }
}
