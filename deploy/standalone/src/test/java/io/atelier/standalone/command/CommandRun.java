package io.atelier.standalone.command;

import io.atelier.standalone.console.Console;
import io.atelier.standalone.console.TerminalStreams;
import io.atelier.standalone.locate.CommandContext;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A finished run of the command: its exit code and its output. */
record CommandRun(int exitCode, String out, String err) {

    /** Runs the command in this JVM. No system can be started in the background. */
    static CommandRun of(Path data, Map<String, String> settings, String... arguments) {
        return of(data, settings, List.of("/bin/false"), arguments);
    }

    static CommandRun of(Path data, Map<String, String> settings, List<String> upCommand, String... arguments) {
        var environment = new LinkedHashMap<>(settings);
        environment.put("ATELIER_DATA", data.toString());
        return of(environment, upCommand, InputStream.nullInputStream(), TerminalStreams.NONE, arguments);
    }

    /** Runs the command with this environment, standard input and terminal. */
    static CommandRun of(
            Map<String, String> environment,
            List<String> upCommand,
            InputStream in,
            TerminalStreams terminal,
            String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var console = new Console(in, out, err, StandardCharsets.UTF_8, terminal);
        int exitCode = AtelierCommand.commandLine(new CommandContext(environment, console, upCommand))
                .execute(arguments);
        return new CommandRun(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** The one JSON object that the command printed. */
    JsonNode json() {
        return new JsonMapper().readTree(out);
    }
}
