package io.atelier.gateway.api.direct;

import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Counts the requests that are being accepted before the framework. A server that stops waits for the framework's requests only, so these end first, and
 * later ones take the framework's way. Thread-safe.
 */
public final class OpenSubmissions implements SmartLifecycle {

    private int count;
    private boolean isRunning;
    private @Nullable Runnable onStopped;

    /** Whether one more may begin, which is counted then. */
    synchronized boolean begin() {
        if (isRunning) {
            count++;
        }
        return isRunning;
    }

    /** One has been answered. */
    void end() {
        Runnable stopped;
        synchronized (this) {
            count--;
            stopped = count == 0 ? onStopped : null;
        }
        if (stopped != null) {
            stopped.run();
        }
    }

    @Override
    public synchronized void start() {
        isRunning = true;
        onStopped = null;
    }

    @Override
    public void stop(Runnable callback) {
        boolean isIdle;
        synchronized (this) {
            isRunning = false;
            isIdle = count == 0;
            onStopped = isIdle ? null : callback;
        }
        if (isIdle) {
            callback.run();
        }
    }

    @Override
    public synchronized void stop() {
        isRunning = false;
    }

    @Override
    public synchronized boolean isRunning() {
        return isRunning;
    }
}
