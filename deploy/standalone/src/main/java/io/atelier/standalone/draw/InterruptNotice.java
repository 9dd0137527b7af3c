package io.atelier.standalone.draw;

import io.atelier.standalone.console.Console;

/** Tells whoever presses Ctrl-C while a job is waited for that the job goes on, and how to look at it. */
final class InterruptNotice {

    private InterruptNotice() {}

    /** Runs the action; a Ctrl-C in it is answered with the notice. */
    static void during(Console console, String job, Runnable action) {
        var hook = new Thread(
                () -> console.note("Job %s goes on; look at it with './atelier status %s'.".formatted(job, job)),
                "interrupt-notice");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            action.run();
        } finally {
            takeBack(hook);
        }
    }

    private static void takeBack(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is on its way down and gives the notice: nothing to take back.
            return;
        }
    }
}
