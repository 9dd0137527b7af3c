package io.atelier.standalone.console;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Output of a command: results go to standard output, progress and messages to standard error. Thread-safe.
 *
 * <p>On a terminal, progress is one line that is overwritten; otherwise each change is printed as a new line.
 */
public final class Console {

    private static final String CLEAR_LINE = "\r\u001B[K";
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean terminal;
    private String lastProgress = "";

    /** @param terminal whether {@code err} is a terminal, where a line can be overwritten */
    public Console(PrintWriter out, PrintWriter err, boolean terminal) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

    /** Prints a line of the result to standard output. */
    public synchronized void print(String line) {
        endProgress();
        out.println(line);
        out.flush();
    }

    /** Prints the result as one JSON object to standard output. */
    public synchronized void json(Object value) {
        endProgress();
        try {
            out.println(JSON.writeValueAsString(value));
        } catch (JacksonException e) {
            throw new IllegalArgumentException("Cannot write as JSON: " + value.getClass(), e);
        }
        out.flush();
    }

    /** Prints a message for users to standard error. */
    public synchronized void notice(String line) {
        endProgress();
        err.println(line);
        err.flush();
    }

    /** Shows the current progress; does nothing if it has not changed. */
    public synchronized void progress(String status) {
        if (status.equals(lastProgress)) {
            return;
        }
        if (terminal) {
            err.print(CLEAR_LINE + status);
        } else {
            err.println(status);
        }
        err.flush();
        lastProgress = status;
    }

    /** A console that prints results to the same stream, but no progress and no messages. */
    public Console quiet() {
        return new Console(out, new PrintWriter(Writer.nullWriter()), false);
    }

    /** Whether progress may change often, because its line can be overwritten. */
    public boolean isTerminal() {
        return terminal;
    }

    /** Reports a failed command: a message on standard error, and with {@code asJson} also the one JSON object on standard output. */
    public synchronized void failure(CommandFailed failure, boolean asJson) {
        notice("atelier: " + failure.getMessage());
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
