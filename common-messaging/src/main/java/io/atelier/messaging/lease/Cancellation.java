package io.atelier.messaging.lease;

import java.util.ArrayList;
import java.util.List;

/** Asks running work to stop: set once, by any thread, and heard by polling or by a listener. Thread-safe. */
public final class Cancellation {

    private final List<Runnable> listeners = new ArrayList<>();
    private boolean requested;

    public synchronized boolean requested() {
        return requested;
    }

    /** Asks to stop. Listeners run on the calling thread, each once. */
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
