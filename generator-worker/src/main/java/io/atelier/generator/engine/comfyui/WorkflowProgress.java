package io.atelier.generator.engine.comfyui;

import io.atelier.generator.engine.GenerationRun.ProgressListener;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Makes one progress, in hundredths of a run, of those that the nodes of a workflow tell one after the other. Not thread-safe.
 */
final class WorkflowProgress {

    private static final String PHASE = "denoise";
    private static final int FINEST = 100;

    /** What part of what is left each next node takes. */
    private static final double SHARE = 0.9;

    private final ProgressListener listener;
    private final List<String> nodes = new ArrayList<>();
    private final int runs;
    private int run;
    private int told;

    /** @param runs how many there will be, each of the same nodes */
    WorkflowProgress(ProgressListener listener, int runs) {
        this.listener = listener;
        this.runs = runs;
    }

    /** Hears what the server told of the run. */
    void hear(WebSocketEvents.Event event, String id) {
        var about = event.about();
        if (!about.path("prompt_id").asString("").equals(id)) {
            return;
        }
        if (event.type().equals("progress")) {
            step(about.path("node").asString(""), about);
        }
        if (event.type().equals("progress_state")) {
            about.path("nodes").forEachEntry(this::step);
        }
    }

    /** The run is over. */
    void ended() {
        run++;
        nodes.clear();
        tell(run * FINEST);
    }

    private void step(String node, JsonNode about) {
        double of = about.path("max").asDouble(0);
        if (of <= 1) {
            // A node that is done at once: its end tells little.
            return;
        }
        if (!nodes.contains(node)) {
            nodes.add(node);
        }
        double fraction = Math.min(1, Math.max(0, about.path("value").asDouble(0) / of));
        // How many nodes will take steps is not known, but the first one mostly takes nearly all the time.
        double left = Math.pow(1 - SHARE, nodes.indexOf(node));
        tell((int) ((run + 1 - left + fraction * left * SHARE) * FINEST));
    }

    private void tell(int done) {
        if (done > told || told == 0) {
            told = Math.max(told, done);
            listener.at(PHASE, told, runs * FINEST);
        }
    }
}
