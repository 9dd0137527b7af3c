package io.atelier.standalone.draw;

import io.atelier.standalone.console.Console;

/** Prints on Ctrl-C that the job goes on, and how to check it. */
final class InterruptMessage {

    private InterruptMessage() {}

    /** Runs the action; prints the message if the JVM is stopped meanwhile. */
    static void during(Console console, String job, Runnable action) {
        var hook = new Thread(
                () -> console.notice("Job %s goes on; check it with './atelier status %s'.".formatted(job, job)),
                "interrupt-message");
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
            // The JVM is already shutting down and prints the message.
            return;
        }
    }
}
