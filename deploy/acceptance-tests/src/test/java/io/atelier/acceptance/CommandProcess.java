package io.atelier.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The {@code atelier} command in a process of its own. */
final class CommandProcess {

    private CommandProcess() {}

    /**
     * The command line that runs the command.
     *
     * @param flags of the JVM
     */
    static List<String> line(List<String> flags, List<String> words) {
        var line = new ArrayList<String>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        line.addAll(flags);
        line.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "io.atelier.standalone.Atelier"));
        line.addAll(words);
        return line;
    }

    /** Runs the command to its end, and returns what it printed; fails if it refuses. */
    static String run(String... words) {
        try {
            var process = new ProcessBuilder(line(List.of(), List.of(words)))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            var printed = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());
            int status = process.waitFor();
            if (status != 0) {
                throw new AssertionError("atelier " + String.join(" ", words) + " ended with " + status);
            }
            return printed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
