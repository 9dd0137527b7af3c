package io.atelier.generator.engine.diffusion;

import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.worker.cancellation.Cancellation;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The loading of a model for one run, if it needs any. Not thread-safe: used by the thread of the run.
 *
 * @param <P> a loaded model
 */
final class PendingLoad<P> {

    private static final long CANCELLATION_POLL_MILLIS = 50;

    private @Nullable CompletableFuture<P> future;

    /** @param onWait called again and again until the model is loaded */
    P await(ModelLoader<P> loader, Runnable onWait, Cancellation cancellation) {
        var started = new CompletableFuture<P>();
        var thread = new Thread(() -> complete(started, loader), "model-loader");
        thread.setDaemon(true);
        // If the system has no thread left, there is no load whose end could be awaited.
        thread.start();
        future = started;
        while (true) {
            try {
                return started.get(CANCELLATION_POLL_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // A load cannot be interrupted, and is of no use to a process that stops: it ends with that.
                if (cancellation.requestedWhileWaiting()) {
                    throw new GenerationCanceled();
                }
                onWait.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new GenerationCanceled();
            } catch (ExecutionException e) {
                throw unchecked(e.getCause());
            }
        }
    }

    /** Runs an action now, or on the thread of the load when it ends. */
    void whenEnded(Runnable action) {
        if (future == null) {
            action.run();
        } else {
            future.whenComplete((pipeline, failure) -> action.run()).exceptionally(failure -> null);
        }
    }

    private static <P> void complete(CompletableFuture<P> future, ModelLoader<P> loader) {
        try {
            future.complete(loader.load());
        } catch (RuntimeException | Error e) {
            future.completeExceptionally(e);
        }
    }

    private static RuntimeException unchecked(@Nullable Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException runtime ? runtime : new CompletionException(cause);
    }
}
