package io.atelier.standalone.locate;

import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.folder.DataFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts {@code atelier up} as a process of its own, which outlives this command and the terminal. */
final class BackgroundSystem {

    /**
     * A shell without job control starts what follows {@code &} with Ctrl-C ignored, and nohup adds the closing of the terminal. The shell
     * says the number of the process and is gone.
     */
    private static final String DETACHED = "nohup \"$@\" >>\"$0\" 2>&1 </dev/null & echo $!";

    private static final int LINES_OF_LOG = 15;

    private final DataFolder data;
    private final List<String> command;

    /** @param command what starts a system that stays in the foreground */
    BackgroundSystem(DataFolder data, List<String> command) {
        this.data = data;
        this.command = List.copyOf(command);
    }

    ProcessHandle start() {
        data.create();
        var words = new ArrayList<>(
                List.of("/bin/sh", "-c", DETACHED, data.backgroundLog().toString()));
        words.addAll(command);
        try {
            Files.deleteIfExists(data.backgroundLog());
            var builder = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().put("ATELIER_DATA", data.root().toString());
            var shell = builder.start();
            var pid = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return ProcessHandle.of(Long.parseLong(pid)).orElseThrow(this::failed);
        } catch (IOException | NumberFormatException e) {
            throw new CommandFailed(
                    ExitCode.NOT_RUNNING,
                    "The system cannot be started: " + CommandFailed.reason(e),
                    Map.of("log", data.backgroundLog().toString()));
        }
    }

    /** Why it ended before it was ready, in its own last words. */
    CommandFailed failed() {
        return new CommandFailed(
                ExitCode.NOT_RUNNING,
                "The system did not start. Its last words:\n%s\nThe whole log is in %s"
                        .formatted(lastWords(), data.logs()),
                Map.of("log", data.backgroundLog().toString()));
    }

    private String lastWords() {
        try {
            var lines = Files.readAllLines(data.backgroundLog());
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_OF_LOG), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + data.backgroundLog(), e);
        }
    }
}
