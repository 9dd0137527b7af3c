package io.atelier.standalone.console;

import io.atelier.messaging.logging.ControlCharacters;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Standard streams of a command: results go to standard output, progress and messages to standard error. Control characters in texts are
 * escaped, because the texts contain prompts and messages of providers. Thread-safe.
 *
 * <p>On a terminal, progress is one line that is overwritten; otherwise each change is printed as a new line.
 */
public final class Console {

    private static final String CLEAR_LINE = "\r\u001B[K";
    /** Otherwise only the last row of a long line could be cleared. */
    private static final String WITHOUT_WRAP = "\u001B[?7l%s\u001B[?7h";

    private static final int LONGEST_ANSWER = 100;

    private static final String RED = "\u001B[1;31m%s\u001B[0m";
    private static final String YELLOW = "\u001B[33m%s\u001B[0m";
    /** Jackson escapes the control characters up to U+001F only. */
    private static final Pattern UNESCAPED_IN_JSON = Pattern.compile("[\\x7f-\\x9f\\u2028\\u2029]");

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final InputStream in;
    private final OutputStream binary;
    private final Charset charset;
    private final PrintWriter out;
    private final PrintWriter err;
    private final TerminalStreams terminal;
    private String lastProgress = "";
    private boolean jsonPrinted;

    /**
     * @param out standard output; must report failures, which {@link System#out} does not
     * @param charset the encoding of all three streams
     */
    public Console(InputStream in, OutputStream out, OutputStream err, Charset charset, TerminalStreams terminal) {
        this.in = in;
        this.binary = out;
        this.charset = charset;
        this.out = new PrintWriter(new OutputStreamWriter(out, charset));
        this.err = new PrintWriter(new OutputStreamWriter(err, charset));
        this.terminal = terminal;
    }

    /**
     * Prints a line of the result to standard output.
     *
     * @throws CommandFailed if it cannot be written
     */
    public synchronized void print(String line) {
        endProgress();
        out.println(ControlCharacters.escapeWithinLines(line));
        requireWritten();
    }

    /** Prints the result as one JSON object to standard output. */
    public synchronized void json(Object value) {
        printJson(value);
        requireWritten();
    }

    /** Prints a text of the command itself to standard output, unchanged: help, a script, or an image for a terminal. */
    public synchronized void printUnchanged(String text) {
        endProgress();
        out.print(text);
        requireWritten();
    }

    /**
     * Checks that standard output is open, before work is done whose result goes there.
     *
     * @throws CommandFailed if it is closed
     */
    public void requireOpen() {
        if (binary instanceof FileOutputStream file && isClosed(file)) {
            throw new CommandFailed(
                    ExitCode.UNWRITABLE, "Standard output is closed; redirect it to a file, a pipe or /dev/null.");
        }
    }

    /**
     * Writes bytes to standard output.
     *
     * @throws CommandFailed if they cannot be written
     */
    public synchronized void write(byte[] bytes) {
        endProgress();
        try {
            binary.write(bytes);
            binary.flush();
        } catch (IOException e) {
            throw new CommandFailed(
                    ExitCode.UNWRITABLE, "Standard output cannot be written: " + CommandFailed.reason(e));
        }
    }

    /**
     * Reads standard input to its end.
     *
     * @param limit the largest number of bytes
     * @throws CommandFailed if there are more, or if they are no text
     */
    public String read(int limit) {
        try {
            var bytes = in.readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw new CommandFailed(
                        ExitCode.REFUSED, "Standard input has more than %d bytes; send less.".formatted(limit));
            }
            return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new CommandFailed(ExitCode.REFUSED, "Standard input is not text in " + charset + "; convert it.");
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.REFUSED, "Standard input cannot be read: " + CommandFailed.reason(e));
        }
    }

    /**
     * Asks a question on standard error, and reads a line of standard input.
     *
     * @return the answer; empty if there is none
     */
    public synchronized String ask(String question) {
        endProgress();
        err.print(ControlCharacters.escape(question) + " ");
        err.flush();
        try {
            var answer = new StringBuilder();
            for (int next = in.read();
                    next >= 0 && next != '\n' && answer.length() < LONGEST_ANSWER;
                    next = in.read()) {
                answer.append((char) next);
            }
            return answer.toString().strip();
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.REFUSED, "Standard input cannot be read: " + CommandFailed.reason(e));
        }
    }

    /** Prints a message for users to standard error. */
    public synchronized void notice(String line) {
        endProgress();
        err.println(ControlCharacters.escapeWithinLines(line));
        err.flush();
    }

    /** Prints a warning for users to standard error. */
    public synchronized void warning(String line) {
        message("Warning:", YELLOW, line);
    }

    /** Shows the current progress; does nothing if it has not changed. */
    public synchronized void progress(String status) {
        var text = ControlCharacters.escape(status);
        if (text.equals(lastProgress)) {
            return;
        }
        if (terminal.err()) {
            err.print(CLEAR_LINE + WITHOUT_WRAP.formatted(text));
        } else {
            err.println(text);
        }
        err.flush();
        lastProgress = text;
    }

    /** A console that prints results to the same stream, but no progress and no messages. */
    public Console quiet() {
        return new Console(in, binary, OutputStream.nullOutputStream(), charset, TerminalStreams.NONE);
    }

    /** What may be sent to the standard streams. */
    public TerminalStreams terminal() {
        return terminal;
    }

    /** Reports a failed command: a message on standard error, and with {@code asJson} also the one JSON object on standard output. */
    public synchronized void failure(CommandFailed failure, boolean asJson) {
        message("atelier:", RED, String.valueOf(failure.getMessage()));
        if (asJson) {
            var error = new LinkedHashMap<String, Object>(Map.of("message", String.valueOf(failure.getMessage())));
            error.putAll(failure.details());
            printJson(Map.of("error", error, "exit_code", failure.exitCode().code()));
            out.flush();
        }
    }

    /**
     * Reports on a thread of the shutdown that a signal stopped the command. The object of {@code --json} has no exit code, which depends on
     * the signal; it is left out if the result was already printed.
     *
     * @param details further members of the error object
     */
    public synchronized void stopped(String message, Map<String, Object> details, boolean asJson) {
        notice(message);
        if (asJson) {
            var error = new LinkedHashMap<String, Object>(Map.of("message", message, "code", "stopped"));
            error.putAll(details);
            printJson(Map.of("error", error));
            out.flush();
        }
    }

    private void message(String label, String colour, String text) {
        endProgress();
        err.println((terminal.coloursErr() ? colour.formatted(label) : label) + " "
                + ControlCharacters.escapeWithinLines(text));
        err.flush();
    }

    /** There is one object at most, also when a signal comes just after the result. */
    private void printJson(Object value) {
        if (jsonPrinted) {
            return;
        }
        jsonPrinted = true;
        endProgress();
        try {
            var json = JSON.writeValueAsString(value);
            out.println(UNESCAPED_IN_JSON
                    .matcher(json)
                    .replaceAll(control ->
                            "\\\\u%04x".formatted((int) control.group().charAt(0))));
        } catch (JacksonException e) {
            throw new IllegalArgumentException("Cannot write as JSON: " + value.getClass(), e);
        }
    }

    /** A lock needs a descriptor that can be written. The JVM may have opened a file of its own, for reading, as a closed one. */
    private static boolean isClosed(FileOutputStream file) {
        try {
            var lock = file.getChannel().tryLock();
            if (lock != null) {
                lock.release();
            }
            return false;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (ClosedChannelException e) {
            return true;
        } catch (IOException e) {
            // Some kinds of files cannot be locked at all.
            return CommandFailed.reason(e).contains("Bad file descriptor");
        }
    }

    private void requireWritten() {
        if (out.checkError()) {
            throw new CommandFailed(
                    ExitCode.UNWRITABLE,
                    "Standard output cannot be written: its reader has ended, or its disk is full.");
        }
    }

    private void endProgress() {
        if (terminal.err() && !lastProgress.isEmpty()) {
            err.print(CLEAR_LINE);
            err.flush();
        }
        lastProgress = "";
    }
}
