package io.atelier.standalone.command;

import io.atelier.standalone.console.Console;
import io.atelier.standalone.locate.CommandContext;
import java.io.PrintWriter;
import java.io.StringWriter;
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
        var out = new StringWriter();
        var err = new StringWriter();
        var console = new Console(new PrintWriter(out), new PrintWriter(err), false);
        int exitCode = AtelierCommand.commandLine(new CommandContext(environment, console, upCommand))
                .execute(arguments);
        return new CommandRun(exitCode, out.toString(), err.toString());
    }

    /** The one JSON object that the command printed. */
    JsonNode json() {
        return new JsonMapper().readTree(out);
    }
}
