package io.atelier.gateway.lifecycle;

import io.atelier.messaging.thread.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Surveys the topics after the start and in intervals, on a thread of its own, in each gateway that runs stream tasks of the lifecycle. Another survey
 * follows soon after one that led to repairs, or that failed. Thread-safe.
 */
final class ReconciliationScheduler implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ReconciliationScheduler.class);

    /** How often to look whether the lifecycle and the view are ready, and whether repairs were made. */
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

    private final Callable<TopicSurvey> surveyor;
    private final PublishedJobs published;
    private final ReconciliationQueue queue;
    private final Duration startDelay;
    private final Duration interval;
    private volatile @Nullable ScheduledExecutorService thread;

    /**
     * Creates a scheduler without starting it.
     *
     * @param startDelay time from the start of the lifecycle until the first survey, and after repairs or a failure until the next one
     * @param interval time between surveys; zero for no surveys
     */
    ReconciliationScheduler(
            Callable<TopicSurvey> surveyor,
            PublishedJobs published,
            ReconciliationQueue queue,
            Duration startDelay,
            Duration interval) {
        this.surveyor = surveyor;
        this.published = published;
        this.queue = queue;
        this.startDelay = startDelay;
        this.interval = interval;
    }

    @Override
    public void start() {
        if (interval.isZero() || thread != null) {
            return;
        }
        var executor = new ScheduledThreadPoolExecutor(1, DaemonThreads.named("reconciliation"));
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        thread = executor;
        schedule(executor, startDelay);
    }

    @Override
    public void stop() {
        var running = thread;
        if (running != null) {
            thread = null;
            // A running survey only reads; to interrupt it would disturb the closing of its clients.
            running.shutdown();
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    private void schedule(ScheduledExecutorService executor, Duration delay) {
        if (!executor.isShutdown()) {
            var unused = executor.schedule(() -> run(executor), delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void run(ScheduledExecutorService executor) {
        try {
            if (!queue.awaitsSurvey() || !published.ready()) {
                schedule(executor, CHECK_INTERVAL);
                return;
            }
            queue.offer(surveyor.call());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } catch (KafkaException | IllegalStateException e) {
            LOG.info("The jobs are compared with the topics later: {}", e.getMessage());
            schedule(executor, startDelay);
            return;
        } catch (Exception e) {
            LOG.error("The comparison of the jobs with the topics failed unexpectedly.", e);
        }
        scheduleAfter(executor, System.nanoTime());
    }

    /** Waits for the interval, or until soon after a repair. */
    private void scheduleAfter(ScheduledExecutorService executor, long surveyedAt) {
        if (executor.isShutdown()) {
            return;
        }
        var unused = executor.schedule(
                () -> {
                    int repairs = queue.takeRepairs();
                    if (repairs > 0) {
                        LOG.warn("Repaired {} differences between the jobs and the topics.", repairs);
                        schedule(executor, startDelay);
                    } else if (System.nanoTime() - surveyedAt >= interval.toNanos()) {
                        run(executor);
                    } else {
                        scheduleAfter(executor, surveyedAt);
                    }
                },
                CHECK_INTERVAL.toMillis(),
                TimeUnit.MILLISECONDS);
    }
}
