package io.atelier.generator.engine.openai.wire;

import io.atelier.generator.engine.GenerationRun.ProgressListener;

/**
 * How far a drawing is: each picture is a step, and so is each sketch of it. Goes only forward, also if a call is made again. Told from one
 * thread after the other.
 */
public final class PartialImageProgress {

    private static final String PHASE = "generate";

    private final ProgressListener listener;
    private final int sketches;
    private final int steps;
    private int step = -1;
    private int images;

    /** @param sketches how many each picture has */
    public PartialImageProgress(ProgressListener listener, int images, int sketches) {
        this.listener = listener;
        this.sketches = sketches;
        this.steps = images * (sketches + 1);
    }

    /** So many pictures are there. */
    public synchronized void drawn(int number) {
        images = number;
        at(number * (sketches + 1));
    }

    /** A line of the answer came. */
    public synchronized void heard(String line) {
        OpenAiEventStream.event(line)
                .filter(OpenAiEventStream::isSketch)
                .map(event -> event.path("partial_image_index").asInt(0) + 1)
                .filter(number -> number > 0 && number <= sketches)
                .ifPresent(number -> at(images * (sketches + 1) + number));
    }

    private void at(int reached) {
        if (reached > step) {
            step = reached;
            listener.at(PHASE, step, steps);
        }
    }
}
