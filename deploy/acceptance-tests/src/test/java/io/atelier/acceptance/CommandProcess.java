package io.atelier.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs the {@code atelier} command in a separate process. */
final class CommandProcess {

    private CommandProcess() {}

    /**
     * The command line of the process.
     *
     * @param jvmOptions the options of the JVM
     */
    static List<String> commandLine(List<String> jvmOptions, List<String> arguments) {
        var line = new ArrayList<String>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        line.addAll(jvmOptions);
        line.addAll(PackagedCommand.jvmArguments());
        line.addAll(arguments);
        return line;
    }

    /** Runs the command, and returns its standard output; fails unless it exits with 0. */
    static String run(String... arguments) {
        try {
            var process = new ProcessBuilder(commandLine(List.of(), List.of(arguments)))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            var output = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());
            int status = process.waitFor();
            if (status != 0) {
                throw new AssertionError("atelier " + String.join(" ", arguments) + " ended with " + status);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
