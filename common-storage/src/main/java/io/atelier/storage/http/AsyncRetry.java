package io.atelier.storage.http;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Calls again, a little later, what failed in a way that may pass. No thread waits in between. */
public final class AsyncRetry {

    private static final List<Duration> PAUSES = List.of(Duration.ofMillis(100), Duration.ofMillis(400));

    private AsyncRetry() {}

    /**
     * Makes the call, and up to two more.
     *
     * @param call must be safe to make more than once
     * @param passing whether a failure may be gone soon
     * @return what the last call gives
     */
    public static <T> CompletableFuture<T> of(Supplier<CompletableFuture<T>> call, Predicate<Throwable> passing) {
        return attempt(call, passing, 0);
    }

    private static <T> CompletableFuture<T> attempt(
            Supplier<CompletableFuture<T>> call, Predicate<Throwable> passing, int attempt) {
        return made(call).exceptionallyCompose(failure -> {
            if (attempt == PAUSES.size() || !passing.test(unwrapped(failure))) {
                return CompletableFuture.failedFuture(failure);
            }
            return CompletableFuture.runAsync(() -> {}, after(attempt))
                    .thenCompose(paused -> attempt(call, passing, attempt + 1));
        });
    }

    private static <T> CompletableFuture<T> made(Supplier<CompletableFuture<T>> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** What made a chain of futures fail. */
    public static Throwable unwrapped(Throwable failure) {
        var cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? unwrapped(cause) : failure;
    }

    private static Executor after(int attempt) {
        long millis = PAUSES.get(attempt).toMillis();
        // Half of the pause is left to chance, so that many callers do not come back at the same moment.
        long jittered = millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1);
        return CompletableFuture.delayedExecutor(jittered, TimeUnit.MILLISECONDS);
    }
}
