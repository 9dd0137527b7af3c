package io.atelier.benchmark.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that runs parts of a system. */
final class SystemProcess implements AutoCloseable {

    private static final long STOP_SECONDS = 60;

    private final Process process;
    private final Path output;

    private SystemProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * Starts {@code atelier up}.
     *
     * @param build the program: {@code -jar} and a jar, or {@code -cp}, a class path and a class
     * @param parts the parts, separated by commas
     * @param settings environment variables
     */
    static SystemProcess up(List<String> javaOptions, List<String> build, String parts, Map<String, String> settings) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(javaOptions);
        command.addAll(build);
        command.addAll(List.of("up", "--parts", parts));
        try {
            var output = Files.createTempFile("atelier-benchmark-", ".out");
            var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().putAll(settings);
            return new SystemProcess(builder.start(), output);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + parts, e);
        }
    }

    /** Throws an exception with the output of the process if it has ended. */
    void requireAlive() {
        if (!process.isAlive()) {
            throw new IllegalStateException("A process of the system ended: " + readOutput());
        }
    }

    /** The processor time that the process has used. */
    Duration processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Ends the process at once, as {@code kill -9} does; returns when it has ended. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
            Files.deleteIfExists(output);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + output, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a process of the system ended", e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Files.deleteIfExists(output);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + output, e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private String readOutput() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return "its output cannot be read (" + e.getMessage() + ")";
        }
    }
}
