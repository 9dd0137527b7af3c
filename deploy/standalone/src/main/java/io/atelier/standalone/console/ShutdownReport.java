package io.atelier.standalone.console;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Reports that a signal (Ctrl-C, SIGTERM) stopped an action. */
public final class ShutdownReport {

    /** How long an action may clean up, in seconds. */
    private static final long LONGEST_END = 10;

    private ShutdownReport() {}

    /**
     * Runs an action.
     *
     * @param report runs on another thread if the JVM is stopped before the action has ended
     */
    public static void during(Runnable report, Runnable action) {
        var hook = new Thread(report, "interrupt-message");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            action.run();
        } finally {
            remove(hook);
        }
    }

    /**
     * Runs an action that is interrupted if the JVM is stopped, so that it can delete what it has begun. What it throws then is not shown.
     *
     * @param report runs on another thread if the JVM is stopped, once the action has ended, or after ten seconds
     */
    public static void interrupting(Runnable report, Runnable action) {
        var worker = Thread.currentThread();
        var ended = new CountDownLatch(1);
        Runnable stop = () -> {
            worker.interrupt();
            await(ended, LONGEST_END);
            report.run();
        };
        var hook = new Thread(stop, "interrupt-message");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            action.run();
        } finally {
            ended.countDown();
            if (!remove(hook)) {
                // The interruption was for the action; the process ends when the report is complete.
                Thread.interrupted();
                await(new CountDownLatch(1), Long.MAX_VALUE);
            }
        }
    }

    /** Whether the latch was opened in time. */
    private static boolean await(CountDownLatch latch, long seconds) {
        try {
            return latch.await(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Whether it was removed; otherwise the JVM is already shutting down and reports. */
    private static boolean remove(Thread hook) {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return false;
        }
    }
}
