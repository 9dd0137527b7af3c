package io.atelier.standalone.store;

import io.atelier.embedded.EmbeddedBucketFailed;
import io.atelier.messaging.thread.DaemonThreads;
import io.atelier.storage.ObjectContent;
import io.atelier.storage.ObjectStoreFailed;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Makes calls that block for the disk on threads of its own, and translates their failures to {@link ObjectStoreFailed}. Thread-safe. */
final class DiskCalls implements AutoCloseable {

    private static final int THREADS = 16;

    /** More than an application ever makes at once; a limit, so that a disk that hangs does not fill the memory. */
    private static final int MAX_WAITING = 10_000;

    private final ThreadPoolExecutor threads;

    DiskCalls() {
        this.threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                1,
                TimeUnit.MINUTES,
                new LinkedBlockingQueue<>(MAX_WAITING),
                DaemonThreads.numbered("object-store-"));
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Starts a call.
     *
     * @param operation verb and object for messages, such as {@code "put jobs/1.png"}
     * @param limit longest time until the future completes; a call that runs then still ends
     * @param call may throw {@link ObjectStoreFailed} or {@link EmbeddedBucketFailed}
     * @return fails with {@link ObjectStoreFailed} only. If it was cancelled, a late result is closed
     */
    <T> CompletableFuture<T> start(String operation, Duration limit, Supplier<T> call) {
        var result = new CompletableFuture<T>();
        var limited = new CompletableFuture<T>();
        try {
            threads.execute(() -> run(call, limited, result));
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(rejected(operation, e));
        }
        var unused = limited.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS).whenComplete((value, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failed(operation, failure, limit));
            } else if (!result.complete(value)) {
                discard(value);
            }
        });
        return result;
    }

    /** Calls that wait are still made; later ones fail. */
    @Override
    public void close() {
        threads.shutdown();
    }

    private static <T> void run(Supplier<T> call, CompletableFuture<T> limited, CompletableFuture<T> result) {
        if (result.isDone()) {
            // Timed out or cancelled before its turn.
            limited.cancel(false);
            return;
        }
        try {
            var value = call.get();
            if (!limited.complete(value)) {
                discard(value);
            }
        } catch (RuntimeException | Error e) {
            limited.completeExceptionally(e);
        }
    }

    private static void discard(Object value) {
        if (value instanceof ObjectContent content) {
            content.discard();
        }
    }

    private ObjectStoreFailed rejected(String operation, RejectedExecutionException cause) {
        var reason = threads.isShutdown() ? "it is closed" : MAX_WAITING + " calls are waiting for the disk";
        return new ObjectStoreFailed(
                ObjectStoreFailed.Kind.UNAVAILABLE,
                "The embedded object store could not " + operation + " now: " + reason + ".",
                cause);
    }

    private static ObjectStoreFailed failed(String operation, Throwable failure, Duration limit) {
        if (failure instanceof ObjectStoreFailed known) {
            return known;
        }
        if (failure instanceof TimeoutException) {
            return unavailable(operation, "the disk did not respond within " + limit.toSeconds() + " s", failure);
        }
        if (!(failure instanceof EmbeddedBucketFailed call)) {
            return unavailable(operation, failure.toString(), failure);
        }
        return switch (call.kind()) {
            case NOT_FOUND ->
                new ObjectStoreFailed(
                        ObjectStoreFailed.Kind.NOT_FOUND,
                        "The embedded object store could not " + operation + ": the object does not exist.",
                        call);
            case REFUSED ->
                new ObjectStoreFailed(
                        ObjectStoreFailed.Kind.REFUSED,
                        "The embedded object store refused to " + operation + ": " + call.getMessage() + ".",
                        call);
            case UNAVAILABLE -> unavailable(operation, String.valueOf(call.getMessage()), call);
        };
    }

    /** Failures of the disk name files of this machine, which are no business of users. */
    private static ObjectStoreFailed unavailable(String operation, String reason, Throwable cause) {
        var outline = "The embedded object store could not " + operation + " now";
        return new ObjectStoreFailed(
                ObjectStoreFailed.Kind.UNAVAILABLE, outline + ": " + reason + ".", outline + ".", cause);
    }
}
