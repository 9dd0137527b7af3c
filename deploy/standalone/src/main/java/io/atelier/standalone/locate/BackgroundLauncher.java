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

/** Starts {@code atelier up} as a separate process that outlives this command and the terminal. */
final class BackgroundLauncher {

    /**
     * A shell without job control starts a command before {@code &} with SIGINT ignored; nohup makes it ignore SIGHUP as well. The shell prints
     * the process id and ends. All files of the system are those of their owner only.
     */
    private static final String DETACHED = "umask 077; nohup \"$@\" >>\"$0\" 2>&1 </dev/null & echo $!";

    private static final int LOG_LINES = 15;

    private final DataFolder data;
    private final List<String> command;

    /** @param command the command line that runs a system in the foreground */
    BackgroundLauncher(DataFolder data, List<String> command) {
        this.data = data;
        this.command = List.copyOf(command);
    }

    ProcessHandle start() {
        data.create();
        var arguments = new ArrayList<>(
                List.of("/bin/sh", "-c", DETACHED, data.backgroundLog().toString()));
        arguments.addAll(command);
        try {
            Files.deleteIfExists(data.backgroundLog());
            var builder = new ProcessBuilder(arguments).redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().put("ATELIER_DATA", data.root().toString());
            var shell = builder.start();
            var pid = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return ProcessHandle.of(Long.parseLong(pid)).orElseThrow(this::failed);
        } catch (IOException | NumberFormatException e) {
            throw new CommandFailed(
                    ExitCode.NOT_RUNNING,
                    "The system could not be started: " + CommandFailed.reason(e),
                    Map.of("log", data.backgroundLog().toString()));
        }
    }

    /** The failure of a system that ended before it was ready, with its last output. */
    CommandFailed failed() {
        return new CommandFailed(
                ExitCode.NOT_RUNNING,
                "The system did not start. Its last output:\n%s\nThe full log is in %s"
                        .formatted(lastOutput(), data.logs()),
                Map.of("log", data.backgroundLog().toString()));
    }

    private String lastOutput() {
        try {
            var lines = Files.readAllLines(data.backgroundLog());
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + data.backgroundLog(), e);
        }
    }
}
