package io.atelier.gateway.view.jobs;

import io.atelier.messaging.thread.DaemonThreads;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka Streams application with a global store. Kafka Streams cannot replace the thread of a global store, so this class replaces the
 * whole application if it fails, until that succeeds. Thread-safe.
 */
final class RestartingStreams {

    private static final Logger LOG = LoggerFactory.getLogger(RestartingStreams.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
    private static final int FIRST_ATTEMPTS = 3;
    private static final Duration MIN_DELAY = Duration.ofSeconds(1);
    private static final Duration MAX_DELAY = Duration.ofSeconds(30);

    private final Supplier<KafkaStreams> instances;
    private final Consumer<KafkaStreams> starter;
    private final ScheduledThreadPoolExecutor restarts;
    private @Nullable KafkaStreams current;

    /**
     * Creates an application without starting it.
     *
     * @param instances creates an instance
     * @param starter starts an instance, and returns when its store is complete
     */
    RestartingStreams(Supplier<KafkaStreams> instances, Consumer<KafkaStreams> starter) {
        this.instances = instances;
        this.starter = starter;
        this.restarts = new ScheduledThreadPoolExecutor(1, DaemonThreads.named("job-view-restart"));
        restarts.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * Starts the first instance, with three attempts: on a busy machine Kafka Streams may fail in its start. Returns when its store is complete.
     *
     * @throws RuntimeException of Kafka Streams if it does not start; then there is no further try
     */
    void start() {
        for (int attempt = 1; ; attempt++) {
            try {
                startInstance();
                return;
            } catch (RuntimeException e) {
                if (attempt == FIRST_ATTEMPTS || restarts.isShutdown() || !pause()) {
                    throw e;
                }
                LOG.warn(
                        "The view of jobs does not start; next try in {} s: {}", MIN_DELAY.toSeconds(), e.getMessage());
            }
        }
    }

    private static boolean pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(MIN_DELAY.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void startInstance() {
        var instance = instances.get();
        instance.setUncaughtExceptionHandler(exception -> {
            // One that fails in its start was never the current one, and its caller gets the exception.
            if (isCurrent(instance)) {
                LOG.error(
                        "The view of jobs stopped and starts again. This gateway is not ready until then.", exception);
                restarts.execute(() -> replace(instance));
            }
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        try {
            starter.accept(instance);
        } catch (RuntimeException e) {
            instance.close(CLOSE_TIMEOUT);
            throw e;
        }
        synchronized (this) {
            current = instance;
        }
        if (restarts.isShutdown()) {
            close();
        } else if (!instance.state().isRunningOrRebalancing()) {
            // It failed before it became the current one.
            restarts.execute(() -> replace(instance));
        }
    }

    /** Stops the application. It cannot be started again. */
    void close() {
        restarts.shutdown();
        take().ifPresent(instance -> instance.close(CLOSE_TIMEOUT));
    }

    /** The instance whose store is complete; empty during a start. It may have failed just now. */
    synchronized Optional<KafkaStreams> current() {
        return Optional.ofNullable(current);
    }

    private void replace(KafkaStreams failed) {
        if (isCurrent(failed)) {
            take().ifPresent(instance -> instance.close(CLOSE_TIMEOUT));
            restart(MIN_DELAY);
        }
    }

    private void restart(Duration delay) {
        if (restarts.isShutdown()) {
            return;
        }
        try {
            startInstance();
            LOG.info("The view of jobs is complete again.");
        } catch (RuntimeException e) {
            LOG.warn("The view of jobs does not start; next try in {} s: {}", delay.toSeconds(), e.getMessage());
            var doubled = delay.multipliedBy(2);
            var next = doubled.compareTo(MAX_DELAY) < 0 ? doubled : MAX_DELAY;
            if (!restarts.isShutdown()) {
                var unused = restarts.schedule(() -> restart(next), delay.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    private synchronized boolean isCurrent(KafkaStreams instance) {
        return current == instance;
    }

    private synchronized Optional<KafkaStreams> take() {
        var taken = Optional.ofNullable(current);
        current = null;
        return taken;
    }
}
