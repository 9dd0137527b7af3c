package io.atelier.generator.engine.comfyui;

import io.atelier.generator.engine.GenerationRun.ProgressListener;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Combines the progress of the nodes of a workflow, which run one after the other, into one progress in hundredths of a run. Not thread-safe.
 */
final class WorkflowProgress {

    private static final String PHASE = "denoise";
    private static final int STEPS_PER_RUN = 100;

    /** The part of the remaining progress that each further node gets. */
    private static final double NODE_SHARE = 0.9;

    private final ProgressListener listener;
    private final List<String> nodes = new ArrayList<>();
    private final int runs;
    private int completedRuns;
    private int reportedSteps;

    /** @param runs the number of runs, each of the same nodes */
    WorkflowProgress(ProgressListener listener, int runs) {
        this.listener = listener;
        this.runs = runs;
    }

    /** Reports the progress in the event if it belongs to the run. */
    void onEvent(WebSocketEvents.Event event, String runId) {
        var data = event.data();
        if (!data.path("prompt_id").asString("").equals(runId)) {
            return;
        }
        if (event.type().equals("progress")) {
            onNode(data.path("node").asString(""), data);
        }
        if (event.type().equals("progress_state")) {
            data.path("nodes").forEachEntry(this::onNode);
        }
    }

    /** Reports that a run is complete. */
    void onRunCompleted() {
        completedRuns++;
        nodes.clear();
        report(completedRuns * STEPS_PER_RUN);
    }

    private void onNode(String node, JsonNode data) {
        double max = data.path("max").asDouble(0);
        if (max <= 1) {
            // A node with a single step takes no noticeable time.
            return;
        }
        if (!nodes.contains(node)) {
            nodes.add(node);
        }
        double fraction = Math.min(1, Math.max(0, data.path("value").asDouble(0) / max));
        // The number of nodes with several steps is not known, but the first one usually takes nearly all the time.
        double remaining = Math.pow(1 - NODE_SHARE, nodes.indexOf(node));
        report((int) ((completedRuns + 1 - remaining + fraction * remaining * NODE_SHARE) * STEPS_PER_RUN));
    }

    private void report(int steps) {
        if (steps > reportedSteps || reportedSteps == 0) {
            reportedSteps = Math.max(reportedSteps, steps);
            listener.at(PHASE, reportedSteps, runs * STEPS_PER_RUN);
        }
    }
}
