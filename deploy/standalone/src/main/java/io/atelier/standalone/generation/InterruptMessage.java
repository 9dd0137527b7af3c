package io.atelier.standalone.generation;

import io.atelier.standalone.console.Console;
import io.atelier.standalone.console.ShutdownReport;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reports that a signal (Ctrl-C, SIGTERM) stopped the command: whether a job goes on, and how to check it. */
public final class InterruptMessage {

    private final Console console;
    private final boolean asJson;
    private volatile @Nullable String job;

    /** @param asJson whether the report also is the one JSON object on standard output */
    public InterruptMessage(Console console, boolean asJson) {
        this.console = console;
        this.asJson = asJson;
    }

    /** From now on the message names the job. */
    public void accepted(String id) {
        job = id;
    }

    /** Runs the action; reports if the JVM is stopped meanwhile. */
    public void during(Runnable action) {
        ShutdownReport.during(this::report, action);
    }

    private void report() {
        var id = job;
        if (id == null) {
            console.stopped(
                    "Stopped. No job is known to be accepted; './atelier list' shows it if it was.", Map.of(), asJson);
        } else {
            console.stopped(
                    "Job %s goes on; check it with './atelier status %s'.".formatted(id, id), Map.of("id", id), asJson);
        }
    }
}
