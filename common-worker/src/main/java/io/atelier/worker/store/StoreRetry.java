package io.atelier.worker.store;

import io.atelier.storage.ObjectStoreFailed;
import java.time.Duration;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Retries calls of an object store that is {@link ObjectStoreFailed.Kind#UNAVAILABLE}, until a time limit. The pauses are 200 ms, doubled
 * up to 2 s. Thread-safe.
 */
public final class StoreRetry {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final Duration limit;

    /** @param limit how long to retry after the first failure; a call that is in progress then is waited for */
    public StoreRetry(Duration limit) {
        this.limit = limit;
    }

    /**
     * Returns the result of the first call that succeeds.
     *
     * @param call safe to repeat; blocks
     * @param pause waits between two calls
     * @throws ObjectStoreFailed the last failure, if the limit is over; a failure of any other kind at once
     */
    public <T> T call(Call<T> call, Pause pause) throws InterruptedException {
        var backOff = new ExponentialBackOff(FIRST_PAUSE.toMillis(), 2);
        backOff.setMaxInterval(LONGEST_PAUSE.toMillis());
        var pauses = backOff.start();
        long firstFailure = 0;
        for (boolean isRetry = false; true; isRetry = true) {
            try {
                return call.call();
            } catch (ObjectStoreFailed e) {
                // A call can take a minute before it fails, so the limit counts from the first failure.
                firstFailure = isRetry ? firstFailure : System.nanoTime();
                if (e.kind() != ObjectStoreFailed.Kind.UNAVAILABLE
                        || System.nanoTime() - firstFailure >= limit.toNanos()) {
                    throw e;
                }
            }
            pause.await(Duration.ofMillis(pauses.nextBackOff()));
        }
    }

    /** One or more calls of an object store. */
    @FunctionalInterface
    public interface Call<T> {
        /** Throws {@link ObjectStoreFailed} if the store cannot do it. */
        T call() throws InterruptedException;
    }

    /** Waits between two calls, and may end the retries with an exception of its own. */
    @FunctionalInterface
    public interface Pause {
        /** Blocks for the duration. */
        void await(Duration duration) throws InterruptedException;
    }
}
