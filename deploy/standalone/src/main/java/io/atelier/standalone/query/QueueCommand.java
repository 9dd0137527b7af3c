package io.atelier.standalone.query;

import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.console.Table;
import io.atelier.standalone.locate.CommandEnvironment;
import io.atelier.standalone.locate.ServerOptions;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** {@code atelier queue}: how long the lines are. */
@Command(name = "queue", description = "Shows what waits and runs, and when a new job would be done, by model.")
public final class QueueCommand implements Callable<Integer> {

    private final CommandEnvironment around;

    @Mixin
    private ServerOptions server = new ServerOptions();

    public QueueCommand(CommandEnvironment around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        var queue = around.gateway(server).queue();
        if (server.json()) {
            around.console().json(queue);
            return ExitCode.OK.code();
        }
        var table = new Table().row("MODEL", "POOL", "WAITING", "RUNNING", "OLDEST", "NEW JOB DONE IN");
        for (var model : queue.path("models")) {
            table.row(
                    Table.cell(model.path("model")),
                    Table.cell(model.path("pool")),
                    Table.cell(model.path("queued")),
                    Table.cell(model.path("running")),
                    seconds(model.path("oldest_seconds")),
                    seconds(model.path("eta_seconds")));
        }
        table.lines().forEach(around.console()::say);
        around.console().say("OLDEST: how long the first in line has waited. -: not known. More: --json");
        return ExitCode.OK.code();
    }

    private static String seconds(JsonNode value) {
        return value.isNumber() ? String.format(Locale.ROOT, "%.0f s", value.asDouble()) : "-";
    }
}
