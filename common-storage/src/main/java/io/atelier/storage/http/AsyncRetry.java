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

/**
 * Retries an asynchronous call that fails with a transient failure: at most three calls in total, with back-offs of up to 0.1 s and 0.4 s. No thread waits
 * between the calls.
 */
public final class AsyncRetry {

    private static final List<Duration> BACK_OFFS = List.of(Duration.ofMillis(100), Duration.ofMillis(400));

    private AsyncRetry() {}

    /**
     * Makes a call and up to two retries.
     *
     * @param call starts the call; may be invoked three times, so the call must be idempotent. An exception that it throws counts as a failed
     *     future
     * @param isTransient whether a failure may disappear soon; receives the cause without {@link CompletionException} around it
     * @return the result of the first successful call, or the failure of the last one
     */
    public static <T> CompletableFuture<T> of(Supplier<CompletableFuture<T>> call, Predicate<Throwable> isTransient) {
        return attempt(call, isTransient, 0);
    }

    /** The cause of the failure of a future, without any {@link CompletionException} around it. */
    public static Throwable unwrapped(Throwable failure) {
        var cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? unwrapped(cause) : failure;
    }

    private static <T> CompletableFuture<T> attempt(
            Supplier<CompletableFuture<T>> call, Predicate<Throwable> isTransient, int retries) {
        return start(call).exceptionallyCompose(failure -> {
            if (retries == BACK_OFFS.size() || !isTransient.test(unwrapped(failure))) {
                return CompletableFuture.failedFuture(failure);
            }
            return CompletableFuture.runAsync(() -> {}, afterBackOff(retries))
                    .thenCompose(elapsed -> attempt(call, isTransient, retries + 1));
        });
    }

    private static <T> CompletableFuture<T> start(Supplier<CompletableFuture<T>> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static Executor afterBackOff(int retries) {
        long millis = BACK_OFFS.get(retries).toMillis();
        // Half of the back-off is random, so that many callers do not retry at the same time.
        long jittered = millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1);
        return CompletableFuture.delayedExecutor(jittered, TimeUnit.MILLISECONDS);
    }
}
