package io.atelier.worker.cancellation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks running work to stop: set once, by any thread, and heard by polling, by waiting or by a listener. Whether the process stops or the
 * job was canceled makes no difference to an engine; {@link #cancellationRequest} tells it to whoever reports. Thread-safe.
 */
public final class Cancellation {

    private final List<Runnable> listeners = new ArrayList<>();
    private boolean requested;
    private @Nullable CancellationRequest cancellationRequest;

    public synchronized boolean requested() {
        return requested;
    }

    /** Asks to stop because the process does. Listeners run on the calling thread, each once. */
    public void request() {
        List<Runnable> toTell;
        synchronized (this) {
            if (requested) {
                return;
            }
            requested = true;
            toTell = List.copyOf(listeners);
        }
        toTell.forEach(Runnable::run);
    }

    /** Asks to stop because nobody wants the result any more. Of several recalls only the first one counts. */
    public void request(CancellationRequest why) {
        synchronized (this) {
            if (cancellationRequest == null) {
                cancellationRequest = why;
            }
        }
        request();
    }

    /** What took the work back; empty if nothing did, or if only the process stops. */
    public synchronized Optional<CancellationRequest> cancellationRequest() {
        return Optional.ofNullable(cancellationRequest);
    }

    /** Waits until asked to stop, for so long at most. False if nobody asked. */
    public boolean await(Duration longest) throws InterruptedException {
        var asked = new CountDownLatch(1);
        var waiting = onRequest(asked::countDown);
        try {
            return asked.await(longest.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            waiting.close();
        }
    }

    /** Runs the listener when asked to stop, at once if that was before. Close the registration when the work is done. */
    public Registration onRequest(Runnable listener) {
        synchronized (this) {
            if (!requested) {
                listeners.add(listener);
                return () -> remove(listener);
            }
        }
        listener.run();
        return () -> {};
    }

    private synchronized void remove(Runnable listener) {
        listeners.remove(listener);
    }

    /** A listener that can be taken away. */
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
