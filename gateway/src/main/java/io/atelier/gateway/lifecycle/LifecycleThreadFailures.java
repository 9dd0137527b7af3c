package io.atelier.gateway.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Replaces each thread of the lifecycle that ends. One that ends again soon, for example because its disk is full, is replaced after a pause
 * and logged without a stack trace. The pause ends when the application stops, which waits for its threads. Thread-safe.
 */
final class LifecycleThreadFailures
        implements StreamsUncaughtExceptionHandler, ApplicationListener<ContextClosedEvent> {

    /** A failure after a longer time counts as a first one. */
    private static final Duration REPEATED_WITHIN = Duration.ofMinutes(2);

    /** How often repeated failures are logged. */
    private static final Duration LOG_INTERVAL = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(LifecycleThreadFailures.class);

    private final InstantSource clock;
    private final Duration pause;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private @Nullable Instant last;
    private Instant logged = Instant.MIN;

    /** @param pause time before a thread that failed repeatedly is replaced */
    LifecycleThreadFailures(InstantSource clock, Duration pause) {
        this.clock = clock;
        this.pause = pause;
    }

    @Override
    public StreamThreadExceptionResponse handle(Throwable exception) {
        if (isRepeated(exception)) {
            awaitReplacement();
        }
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        stopping.countDown();
    }

    private void awaitReplacement() {
        try {
            var unused = stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean isRepeated(Throwable exception) {
        var now = clock.instant();
        boolean repeated = last != null && last.plus(REPEATED_WITHIN).isAfter(now);
        last = now;
        if (!repeated) {
            logged = now;
            LOG.error("A thread of the lifecycle ended and is replaced.", exception);
        } else if (!logged.plus(LOG_INTERVAL).isAfter(now)) {
            logged = now;
            LOG.error(
                    "Threads of the lifecycle end again and again and are replaced: {}",
                    cause(exception).toString());
        }
        return repeated;
    }

    private static Throwable cause(Throwable exception) {
        var cause = exception;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
