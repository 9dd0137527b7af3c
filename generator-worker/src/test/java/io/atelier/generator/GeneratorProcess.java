package io.atelier.generator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A generator worker as a separate process. */
final class GeneratorProcess implements AutoCloseable {

    private static final long EXIT_TIMEOUT_SECONDS = 60;

    private final Process process;
    private final Path output;

    private GeneratorProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** @param folder gets the output, the data folder {@code data} and the temporary folder {@code tmp} */
    static GeneratorProcess start(Path folder, List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx512m"));
        command.add("-Djava.io.tmpdir=" + folder.resolve("tmp"));
        command.addAll(
                List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        command.add(GeneratorApplication.class.getName());
        command.addAll(arguments);
        try {
            Files.createDirectories(folder.resolve("tmp"));
            var output = folder.resolve("output");
            var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().put("ATELIER_DATA", folder.resolve("data").toString());
            return new GeneratorProcess(builder.start(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends SIGTERM to the process. */
    void terminate() {
        process.destroy();
    }

    /** Waits for the end of the process; returns its exit status. */
    int exitStatus() throws InterruptedException {
        if (!process.waitFor(EXIT_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("The process did not end within " + EXIT_TIMEOUT_SECONDS + " s:\n" + output());
        }
        return process.exitValue();
    }

    /** The output so far. */
    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return "(no output: " + e.getMessage() + ")";
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
