package io.atelier.generator.engine.openai.wire;

import io.atelier.generator.engine.GenerationRun.ProgressListener;

/**
 * Reports the progress of a generation: each partial image and each final image is one step. Never goes back, also when a call is retried.
 * Thread-safe.
 */
public final class PartialImageProgress {

    private static final String PHASE = "generate";

    private final ProgressListener listener;
    private final int partialImages;
    private final int steps;
    private int step = -1;
    private int images;

    /** @param partialImages the number of partial images before each image */
    public PartialImageProgress(ProgressListener listener, int images, int partialImages) {
        this.listener = listener;
        this.partialImages = partialImages;
        this.steps = images * (partialImages + 1);
    }

    /** Reports that so many images are complete. */
    public synchronized void onImages(int completed) {
        images = completed;
        at(completed * (partialImages + 1));
    }

    /** Reports the partial image in a line of the response, if there is one. */
    public synchronized void onLine(String line) {
        OpenAiEventStream.event(line)
                .filter(OpenAiEventStream::isPartialImage)
                .map(event -> event.path("partial_image_index").asInt(0) + 1)
                .filter(number -> number > 0 && number <= partialImages)
                .ifPresent(number -> at(images * (partialImages + 1) + number));
    }

    private void at(int reached) {
        if (reached > step) {
            step = reached;
            listener.at(PHASE, step, steps);
        }
    }
}
