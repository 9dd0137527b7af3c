package io.atelier.generator.preview;

import io.atelier.contract.image.DigitalSourceType;
import io.atelier.image.png.PngTextChunks;
import io.atelier.messaging.thread.DaemonThreads;
import io.atelier.storage.ObjectStore;
import io.atelier.worker.task.TaskContext;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Makes the previews of tasks, as far as clients want them. Thread-safe. */
public final class PreviewStage implements AutoCloseable {

    private final WantedPreviews wanted;
    private final ObjectStore store;
    private final PngTextChunks text;
    private final ExecutorService encoder = Executors.newSingleThreadExecutor(DaemonThreads.named("previews"));

    /** @param marksImages whether files say that they are generated, see {@code WorkerProperties} */
    public PreviewStage(WantedPreviews wanted, ObjectStore store, boolean marksImages) {
        this.wanted = wanted;
        this.store = store;
        this.text = marksImages
                ? PngTextChunks.NONE.marked(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA)
                : PngTextChunks.NONE;
    }

    /** The previews of an attempt; to be closed at its end. */
    public TaskPreviews start(TaskContext context) {
        return new TaskPreviews(wanted, store, context.attempt(), text, context::preview, encoder, System::nanoTime);
    }

    @Override
    public void close() {
        encoder.shutdown();
    }
}
