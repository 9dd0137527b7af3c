package io.atelier.standalone.console;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The two streams of a command: results go to the first, everything on the way to the second. Thread-safe.
 *
 * <p>On a terminal the progress is one line that is written over; elsewhere each new stand is a line of its own.
 */
public final class Console {

    private static final String CLEAR_LINE = "\r\u001B[K";
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean terminal;
    private String lastProgress = "";

    /** @param terminal whether {@code err} is a terminal, on which a line can be written over */
    public Console(PrintWriter out, PrintWriter err, boolean terminal) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

    /** A line of the result. */
    public synchronized void say(String line) {
        endProgress();
        out.println(line);
        out.flush();
    }

    /** The result as one JSON object. */
    public synchronized void json(Object value) {
        endProgress();
        try {
            out.println(JSON.writeValueAsString(value));
        } catch (JacksonException e) {
            throw new IllegalArgumentException("No JSON can be made of " + value.getClass(), e);
        }
        out.flush();
    }

    /** A line that people should see and scripts should not stumble over. */
    public synchronized void note(String line) {
        endProgress();
        err.println(line);
        err.flush();
    }

    /** Where things stand. Said only when it changed. */
    public synchronized void progress(String stand) {
        if (stand.equals(lastProgress)) {
            return;
        }
        if (terminal) {
            err.print(CLEAR_LINE + stand);
        } else {
            err.println(stand);
        }
        err.flush();
        lastProgress = stand;
    }

    /** The same place to say results, and nothing said on the way. */
    public Console silent() {
        return new Console(out, new PrintWriter(Writer.nullWriter()), false);
    }

    /** Whether a line can be written over, so that a stand may change often. */
    public boolean terminal() {
        return terminal;
    }

    /** Says why a command failed: in words, and to scripts as the one JSON object they wait for. */
    public synchronized void failure(CommandFailed failure, boolean asJson) {
        note("atelier: " + failure.getMessage());
        if (asJson) {
            var error = new LinkedHashMap<String, Object>(Map.of("message", String.valueOf(failure.getMessage())));
            error.putAll(failure.details());
            json(Map.of("error", error, "exit_code", failure.exitCode().code()));
        }
    }

    private void endProgress() {
        if (terminal && !lastProgress.isEmpty()) {
            err.print(CLEAR_LINE);
            err.flush();
        }
        lastProgress = "";
    }
}
