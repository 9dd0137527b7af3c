package io.atelier.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** An {@code atelier up} in a separate process that can be stopped or killed. */
public final class AtelierProcess implements AutoCloseable {

    private static final long STOP_SECONDS = 60;

    private final Process process;
    private final Path output;

    private AtelierProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * Starts a process.
     *
     * @param name the name of its output file in the data folder
     * @param parts the value of {@code --parts}; empty for all parts
     * @param settings environment variables, which must include ATELIER_DATA
     * @param options further options of {@code up}
     */
    public static AtelierProcess up(String name, String parts, Map<String, String> settings, String... options) {
        var arguments = new ArrayList<>(parts.isEmpty() ? List.of("up") : List.of("up", "--parts", parts));
        arguments.addAll(List.of(options));
        var command = CommandProcess.commandLine(List.of("-Xmx512m"), arguments);
        try {
            var data = Path.of(Objects.requireNonNull(settings.get("ATELIER_DATA")));
            Files.createDirectories(data);
            var output = data.resolve(name + ".out");
            var builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
            builder.environment().keySet().removeIf(key -> key.startsWith("ATELIER_"));
            builder.environment().putAll(settings);
            return new AtelierProcess(builder.start(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for the end of the process, and returns its exit status. */
    int awaitEnd() {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The process id, for signals and limits. */
    public long pid() {
        return process.pid();
    }

    /** Stops the process with SIGSTOP; its connections stay open. */
    public void freeze() {
        signal("-STOP");
    }

    /** Continues a stopped process with SIGCONT. Does nothing to a running one. */
    public void thaw() {
        signal("-CONT");
    }

    /** Makes the JVM write a thread dump to its output. */
    public void dumpThreads() {
        signal("-QUIT");
    }

    /** The output of the process so far, for the message of a failed test. */
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return "(no output: " + e.getMessage() + ")";
        }
    }

    /** Kills the process with SIGKILL. */
    public void kill() {
        process.destroyForcibly();
        await();
    }

    /** Stops the process cleanly with SIGTERM. */
    @Override
    public void close() {
        if (isAlive()) {
            thaw();
        }
        process.destroy();
        await();
    }

    private void signal(String signal) {
        try {
            int status = new ProcessBuilder("kill", signal, Long.toString(pid()))
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException("kill " + signal + " " + pid() + " ended with " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void await() {
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("The process did not stop within " + STOP_SECONDS + " s:\n" + output());
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
