package io.atelier.generator.engine.comfyui;

import io.atelier.generator.engine.GenerationRun.ProgressListener;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Combines the progress of the nodes of a workflow, which run one after the other, into one progress in hundredths of a run. A run that makes fewer
 * images than expected, so that a further one is needed, is no step back. Not thread-safe.
 */
final class WorkflowProgress {

    private static final String PHASE = "denoise";
    private static final int STEPS_PER_RUN = 100;

    /** The part of the remaining progress that each further node gets. */
    private static final double NODE_SHARE = 0.9;

    private final ProgressListener listener;
    private final List<String> nodes = new ArrayList<>();
    private final int images;
    private final int steps;
    private int completedImages;
    private int expectedImages;
    private int reportedSteps;

    /**
     * @param images the number of images of all runs
     * @param runs the number of runs, each of the same nodes, if each makes all its images
     */
    WorkflowProgress(ProgressListener listener, int images, int runs) {
        this.listener = listener;
        this.images = images;
        this.steps = runs * STEPS_PER_RUN;
    }

    /** Prepares for the events of the next run, which is to make this number of images. */
    void onRun(int expected) {
        expectedImages = expected;
        nodes.clear();
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

    /** Reports that images of the current run are complete. */
    void onImages(int made) {
        completedImages += made;
        report(completedImages * steps / images);
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
        double done = 1 - remaining + fraction * remaining * NODE_SHARE;
        report((int) ((completedImages + expectedImages * done) * steps / images));
    }

    private void report(int step) {
        if (step > reportedSteps || reportedSteps == 0) {
            reportedSteps = Math.max(reportedSteps, step);
            listener.at(PHASE, reportedSteps, steps);
        }
    }
}
