package io.atelier.worker.engine;

import io.atelier.messaging.thread.DaemonThreads;
import io.atelier.worker.cancellation.Cancellation;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One run of an engine on a thread that does nothing else meanwhile. The thread can be interrupted without affecting the code that stores and reports the result: a canceled engine
 * that does not stop within its grace period is interrupted, and given up after another grace period. The threads of runs that have ended are
 * used again.
 *
 * @param <R> the result of the engine
 */
public final class EngineThread<R> {

    private static final Logger log = LoggerFactory.getLogger(EngineThread.class);

    /** As many as runs at a time, and one more for each engine that does not stop. A new thread for each short run would take longer than the run. */
    private static final Executor THREADS = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, 1, TimeUnit.MINUTES, new SynchronousQueue<>(), DaemonThreads.numbered("engine-"));

    private final CompletableFuture<R> end = new CompletableFuture<>();

    /** Zero when the engine has ended or its cancellation was requested. */
    private final CountDownLatch endedOrCanceled = new CountDownLatch(1);

    private final Cancellation cancellation;
    private final Duration interruptGracePeriod;
    private final Runnable run;

    /** The thread from the beginning of the run to its end. Guarded by this. */
    private @Nullable Thread thread;

    /** Guarded by this. */
    private boolean interrupted;

    private volatile boolean endedAfterCancellation;

    /**
     * Creates a run without starting it.
     *
     * @param cancellation of the task; its request contains how long the engine may take to stop by itself
     * @param interruptGracePeriod how long an engine may continue after its thread was interrupted
     */
    public EngineThread(Callable<R> engine, Cancellation cancellation, Duration interruptGracePeriod) {
        this.cancellation = cancellation;
        this.interruptGracePeriod = interruptGracePeriod;
        var context = Optional.ofNullable(MDC.getCopyOfContextMap());
        this.run = () -> {
            context.ifPresent(MDC::setContextMap);
            begin();
            try {
                run(engine);
            } finally {
                try {
                    leave();
                    MDC.clear();
                } finally {
                    endedOrCanceled.countDown();
                }
            }
        };
    }

    /**
     * Starts the engine and waits for its result or exception. The result of an engine that ends after its cancellation is dropped. May be
     * called once.
     *
     * @throws TaskInterrupted if the job was canceled before the engine ended
     */
    public R result() throws InterruptedException {
        var registration = cancellation.onRequest(endedOrCanceled::countDown);
        try {
            THREADS.execute(run);
            endedOrCanceled.await();
            var request = cancellation.cancellationRequest();
            if (request.isPresent() && (endedAfterCancellation || !end.isDone())) {
                throw new TaskInterrupted(awaitRelease(request.get()));
            }
            return awaitEnd();
        } catch (InterruptedException e) {
            interrupt();
            throw e;
        } finally {
            registration.close();
        }
    }

    private DeviceRelease awaitRelease(Cancellation.Request request) throws InterruptedException {
        if (endsWithin(request.grace())) {
            return new DeviceRelease(request.age(), DeviceRelease.ENGINE, end);
        }
        log.warn("An engine did not stop within {} of its cancellation; its thread is interrupted", request.grace());
        interrupt();
        if (endsWithin(interruptGracePeriod)) {
            return new DeviceRelease(request.age(), DeviceRelease.INTERRUPT, end);
        }
        log.error("An engine did not stop within {} of being interrupted", interruptGracePeriod);
        return new DeviceRelease(request.age(), DeviceRelease.NOTHING, end);
    }

    private boolean endsWithin(Duration gracePeriod) throws InterruptedException {
        try {
            end.get(gracePeriod.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            log.debug("A canceled engine ended with an exception", e);
        }
        return true;
    }

    private R awaitEnd() throws InterruptedException {
        try {
            return end.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private void run(Callable<R> engine) {
        try {
            var result = engine.call();
            endedAfterCancellation = cancellation.cancellationRequest().isPresent();
            end.complete(result);
        } catch (Throwable e) {
            // Errors too: result() waits for the end of the engine, whatever it is.
            endedAfterCancellation = cancellation.cancellationRequest().isPresent();
            end.completeExceptionally(e);
        }
    }

    private synchronized void begin() {
        thread = Thread.currentThread();
        if (interrupted) {
            thread.interrupt();
        }
    }

    private synchronized void interrupt() {
        interrupted = true;
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** From now on no interrupt of this run can hit the next run of the thread. */
    private synchronized void leave() {
        thread = null;
        Thread.interrupted();
    }
}
