package io.atelier.worker.engine;

import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.cancellation.CancellationRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * A thread for one run of an engine, which can be interrupted without harm to what comes after it: an engine that was recalled and does not
 * stop within its grace is interrupted, and waited for no longer than another grace.
 */
public final class EngineThread<R> {

    private static final Logger log = LoggerFactory.getLogger(EngineThread.class);

    private final CompletableFuture<R> end = new CompletableFuture<>();

    /** The engine has ended, or was told to stop. */
    private final CountDownLatch turn = new CountDownLatch(1);

    private final Cancellation cancellation;
    private final Duration interruptGracePeriod;
    private final Thread thread;

    private volatile boolean endedRecalled;

    /**
     * A thread that is not started.
     *
     * @param cancellation of the task, which says how long the engine may take to stop by itself
     * @param interruptGracePeriod how long the engine may go on once it was interrupted
     */
    public EngineThread(Callable<R> engine, Cancellation cancellation, Duration interruptGracePeriod) {
        this.cancellation = cancellation;
        this.interruptGracePeriod = interruptGracePeriod;
        var context = Optional.ofNullable(MDC.getCopyOfContextMap());
        this.thread = new Thread(
                () -> {
                    context.ifPresent(MDC::setContextMap);
                    run(engine);
                },
                Thread.currentThread().getName() + "-engine");
        thread.setDaemon(true);
    }

    /**
     * What the engine gives or throws, if it ends before it is recalled. One that ends afterwards, in whatever way, is broken off.
     *
     * @throws TaskInterrupted if it was recalled
     */
    public R result() throws InterruptedException {
        var told = cancellation.onRequest(turn::countDown);
        try {
            thread.start();
            turn.await();
            var cancellationRequest = cancellation.cancellationRequest();
            if (cancellationRequest.isPresent() && (endedRecalled || !end.isDone())) {
                throw new TaskInterrupted(freed(cancellationRequest.get()));
            }
            return unwrapped();
        } catch (InterruptedException e) {
            thread.interrupt();
            throw e;
        } finally {
            told.close();
        }
    }

    private DeviceRelease freed(CancellationRequest cancellationRequest) throws InterruptedException {
        if (endsWithin(cancellationRequest.grace())) {
            return new DeviceRelease(cancellationRequest.age(), DeviceRelease.ENGINE, end);
        }
        log.warn(
                "An engine did not stop within {} of being told to; its thread is interrupted",
                cancellationRequest.grace());
        thread.interrupt();
        if (endsWithin(interruptGracePeriod)) {
            return new DeviceRelease(cancellationRequest.age(), DeviceRelease.INTERRUPT, end);
        }
        log.error("An engine did not stop within {} of being interrupted", interruptGracePeriod);
        return new DeviceRelease(cancellationRequest.age(), DeviceRelease.NOTHING, end);
    }

    private boolean endsWithin(Duration grace) throws InterruptedException {
        try {
            end.get(grace.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            log.debug("The end of an engine that was told to stop", e);
        }
        return true;
    }

    private R unwrapped() throws InterruptedException {
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
            endedRecalled = cancellation.cancellationRequest().isPresent();
            end.complete(result);
        } catch (Throwable e) {
            // Errors too: whoever waits for the engine must hear of its end.
            endedRecalled = cancellation.cancellationRequest().isPresent();
            end.completeExceptionally(e);
        } finally {
            turn.countDown();
        }
    }
}
