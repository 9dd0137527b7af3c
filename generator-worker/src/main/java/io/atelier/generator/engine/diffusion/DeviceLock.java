package io.atelier.generator.engine.diffusion;

import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.worker.cancellation.Cancellation;
import java.util.ArrayDeque;
import java.util.Deque;

/** The right to use a device: one holder at a time, in the order in which they came. Any thread may release it. Thread-safe. */
final class DeviceLock {

    private static final long CANCELLATION_POLL_MILLIS = 50;

    private final Deque<Object> waiting = new ArrayDeque<>();
    private boolean isHeld;

    /**
     * Waits for the device.
     *
     * @throws GenerationCanceled if the cancellation was requested, the process stops, or the thread was interrupted; the device is not held then
     */
    synchronized void acquire(Cancellation cancellation) {
        var place = new Object();
        waiting.add(place);
        try {
            while (isHeld || waiting.peek() != place) {
                checkCanceled(cancellation);
                wait(CANCELLATION_POLL_MILLIS);
            }
            checkCanceled(cancellation);
            isHeld = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GenerationCanceled();
        } finally {
            waiting.remove(place);
            notifyAll();
        }
    }

    /** Takes the device if it is free and no one waits for it. */
    synchronized boolean tryAcquire() {
        if (isHeld || !waiting.isEmpty()) {
            return false;
        }
        isHeld = true;
        return true;
    }

    synchronized void release() {
        isHeld = false;
        notifyAll();
    }

    private static void checkCanceled(Cancellation cancellation) {
        if (cancellation.requestedWhileWaiting()) {
            throw new GenerationCanceled();
        }
    }
}
