package io.atelier.standalone.console;

/** Reports that a signal (Ctrl-C, SIGTERM) stopped an action. */
public final class ShutdownReport {

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

    private static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is already shutting down and reports.
            return;
        }
    }
}
