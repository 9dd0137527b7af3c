package io.atelier.worker.cancellation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A request to stop running work: set once, by any thread; observed by polling, by waiting or by a listener. An engine need not know whether
 * the process stops or the job was canceled; {@link #cancellationRequest} shows which of the two. Thread-safe.
 */
public final class Cancellation {

    private final List<Runnable> listeners = new ArrayList<>();
    private boolean requested;
    private boolean stopAnnounced;
    private @Nullable Request cancellationRequest;

    public synchronized boolean requested() {
        return requested;
    }

    /**
     * Announces that the process stops. Work that makes its result goes on and may still complete it; what only waits, such as for a device or a model,
     * ends, see {@link #requestedWhileWaiting}.
     */
    public synchronized void announceStop() {
        stopAnnounced = true;
    }

    /** Whether work that has made no part of its result is to stop. From a stop of the process on this is a request. */
    public boolean requestedWhileWaiting() {
        boolean stops;
        synchronized (this) {
            stops = stopAnnounced;
        }
        if (stops) {
            request();
        }
        return requested();
    }

    /** Requests a stop because the process stops. Listeners run on the calling thread, each once. */
    public void request() {
        List<Runnable> toCall;
        synchronized (this) {
            if (requested) {
                return;
            }
            requested = true;
            toCall = List.copyOf(listeners);
        }
        toCall.forEach(Runnable::run);
    }

    /** Requests a stop because the job was canceled. Of several requests only the first counts. */
    public void request(Request why) {
        synchronized (this) {
            if (cancellationRequest == null) {
                cancellationRequest = why;
            }
        }
        request();
    }

    /** The request that canceled the job; empty if it was not canceled, or if only the process stops. */
    public synchronized Optional<Request> cancellationRequest() {
        return Optional.ofNullable(cancellationRequest);
    }

    /** Waits for a stop request, at most for the given time. False if none came. */
    public boolean await(Duration longest) throws InterruptedException {
        var asked = new CountDownLatch(1);
        var waiting = onRequest(asked::countDown);
        try {
            return asked.await(longest.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            waiting.close();
        }
    }

    /** Runs the listener when a stop is requested, at once if it was before. Close the registration when the work is done. */
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

    /** Removes a listener. */
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * The cancellation of a job, as this process received it.
     *
     * @param grace how long an engine may take to stop by itself
     * @param receivedNanos time of receipt by {@link System#nanoTime}, which a clock that is set cannot change
     */
    public record Request(Duration grace, long receivedNanos) {

        /** A request that is received now. */
        public static Request receivedNow(Duration grace) {
            return new Request(grace, System.nanoTime());
        }

        /** The time since the request was received. */
        public Duration age() {
            return Duration.ofNanos(System.nanoTime() - receivedNanos);
        }
    }
}
