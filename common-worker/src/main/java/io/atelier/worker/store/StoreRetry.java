package io.atelier.worker.store;

import io.atelier.storage.ObjectStoreFailed;
import java.time.Duration;

/** Asks a store again for as long as it is {@link ObjectStoreFailed.Kind#UNAVAILABLE}, up to a limit. Thread-safe. */
public final class StoreRetry {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final Duration limit;

    /** @param limit how long to go on after the first failure; a call that is under way then is waited for */
    public StoreRetry(Duration limit) {
        this.limit = limit;
    }

    /**
     * What the call gives in the end.
     *
     * @param call safe to make again; blocks
     * @throws ObjectStoreFailed the last one, if the patience is at its end; any other kind at once
     */
    public <T> T insist(Call<T> call, Wait wait) throws InterruptedException {
        long firstFailure = 0;
        var pause = FIRST_PAUSE;
        for (boolean again = false; true; again = true) {
            try {
                return call.make();
            } catch (ObjectStoreFailed e) {
                // A call may last for a minute before it fails; the patience begins then.
                firstFailure = again ? firstFailure : System.nanoTime();
                if (e.kind() != ObjectStoreFailed.Kind.UNAVAILABLE
                        || System.nanoTime() - firstFailure >= limit.toNanos()) {
                    throw e;
                }
            }
            wait.pass(pause);
            var longer = pause.multipliedBy(2);
            pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
        }
    }

    /** One or more calls of a store. */
    @FunctionalInterface
    public interface Call<T> {
        /** Throws {@link ObjectStoreFailed} if the store cannot do it. */
        T make() throws InterruptedException;
    }

    /** Passes the time between two tries, and may break them off with an exception of its own. */
    @FunctionalInterface
    public interface Wait {
        /** Blocks for as long as the pause. */
        void pass(Duration pause) throws InterruptedException;
    }
}
