package io.atelier.generator.preview;

import io.atelier.contract.job.JobFolder;
import io.atelier.contract.work.TaskProgress.Preview;
import io.atelier.generator.engine.GenerationRun.PreviewListener;
import io.atelier.image.png.PngTextChunks;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import io.atelier.worker.task.TaskAttempt;
import java.awt.image.BufferedImage;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The previews of one attempt at a task. Keeps the newest in the store, under a key of its own, because objects are never overwritten, and deletes the
 * one before. At most one is stored at a time, and one in {@link #INTERVAL}. Never blocks, and never fails: a preview that cannot be stored is left out.
 * Thread-safe.
 */
public final class TaskPreviews implements PreviewListener, AutoCloseable {

    /** The shortest time between two previews. */
    static final Duration INTERVAL = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(TaskPreviews.class);

    private final WantedPreviews wanted;
    private final ObjectStore store;
    private final TaskAttempt attempt;
    private final PngTextChunks text;
    private final Consumer<Preview> reports;
    private final Executor encoder;
    private final LongSupplier nanoTime;

    private int made;
    private long nextNanos;
    private boolean isStoring;
    private boolean isClosed;
    private boolean hasFailed;
    private @Nullable ObjectKey stored;

    /**
     * @param text what the files say of themselves
     * @param reports receives each preview that is stored
     * @param encoder encodes previews, so that the run does not wait for it
     * @param nanoTime as {@link System#nanoTime}
     */
    TaskPreviews(
            WantedPreviews wanted,
            ObjectStore store,
            TaskAttempt attempt,
            PngTextChunks text,
            Consumer<Preview> reports,
            Executor encoder,
            LongSupplier nanoTime) {
        this.wanted = wanted;
        this.store = store;
        this.attempt = attempt;
        this.text = text;
        this.reports = reports;
        this.encoder = encoder;
        this.nanoTime = nanoTime;
        this.nextNanos = nanoTime.getAsLong();
    }

    @Override
    public synchronized boolean isWanted() {
        return !isClosed && !isStoring && nanoTime.getAsLong() - nextNanos >= 0 && wanted.contains(attempt.job());
    }

    @Override
    public void accept(int image, int step, int steps, BufferedImage pixels) {
        int number = next();
        if (number == 0) {
            return;
        }
        try {
            encoder.execute(() -> store(number, image, step, steps, pixels));
        } catch (RejectedExecutionException e) {
            onFailure(e);
        }
    }

    private void store(int number, int image, int step, int steps, BufferedImage pixels) {
        try {
            var file = PreviewFile.of(pixels, text, Preview.MAX_BYTES);
            var preview = new Preview(number, image, step, steps, file.width(), file.height(), file.bytes().length);
            var key = new ObjectKey(JobFolder.preview(attempt.job(), attempt.task(), attempt.number(), number));
            store.put(key, file.bytes(), Preview.MEDIA_TYPE, Map.of())
                    .thenAccept(object -> onStored(preview, key))
                    .exceptionally(this::onFailure);
        } catch (RuntimeException | Error e) {
            onFailure(e);
        }
    }

    /** Deletes the preview that is stored, now or when it is; later ones are dropped. */
    @Override
    public synchronized void close() {
        isClosed = true;
        if (!isStoring) {
            delete(stored);
        }
    }

    /** The number of the preview that is to be stored now; 0 if none is. */
    private synchronized int next() {
        if (isClosed || isStoring) {
            return 0;
        }
        isStoring = true;
        nextNanos = nanoTime.getAsLong() + INTERVAL.toNanos();
        return ++made;
    }

    private synchronized void onStored(Preview preview, ObjectKey key) {
        isStoring = false;
        delete(stored);
        stored = key;
        if (isClosed) {
            delete(stored);
        } else {
            reports.accept(preview);
        }
    }

    private synchronized @Nullable Void onFailure(Throwable failure) {
        isStoring = false;
        if (!hasFailed) {
            hasFailed = true;
            LOG.warn(
                    "{}: a preview was not stored; further failures of this attempt are not logged: {}",
                    attempt,
                    failure.toString());
        }
        if (isClosed) {
            delete(stored);
        }
        return null;
    }

    /** One that stays because the store fails is left to the janitor. */
    private void delete(@Nullable ObjectKey key) {
        if (key != null) {
            store.delete(key).exceptionally(failure -> {
                LOG.debug("{}: a preview was not deleted; the janitor deletes it", attempt, failure);
                return null;
            });
        }
    }
}
