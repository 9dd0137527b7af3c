package io.atelier.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** An {@code atelier up} in a process of its own, to be stopped or killed. */
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
     * @param name of the file that gets its output, in the data folder
     * @param parts for {@code --parts}, separated by commas; empty for all
     * @param settings the environment variables, ATELIER_DATA among them
     */
    public static AtelierProcess up(String name, String parts, Map<String, String> settings) {
        var words = parts.isEmpty() ? List.of("up") : List.of("up", "--parts", parts);
        var command = CommandProcess.line(List.of("-Xmx512m"), words);
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

    public boolean alive() {
        return process.isAlive();
    }

    /** Waits for the end of the process, and returns its status. */
    int awaitEnd() {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The number by which signals and limits reach it. */
    public long pid() {
        return process.pid();
    }

    /** As {@code kill -STOP} does: the process stands still, and all its connections stay open. */
    public void freeze() {
        signal("-STOP");
    }

    /** Lets a frozen process go on. Does nothing to one that runs. */
    public void thaw() {
        signal("-CONT");
    }

    /** Makes the JVM write where each thread stands to its output. */
    public void askForThreads() {
        signal("-QUIT");
    }

    /** What the process has said so far, for the message of a test that fails. */
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return "(no output: " + e.getMessage() + ")";
        }
    }

    /** As {@code kill -9} does: the process gets no chance to tidy up. */
    public void kill() {
        process.destroyForcibly();
        await();
    }

    /** As {@code kill} does: the process stops in order. */
    @Override
    public void close() {
        if (alive()) {
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
