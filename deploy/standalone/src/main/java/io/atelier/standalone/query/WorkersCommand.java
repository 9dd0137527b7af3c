package io.atelier.standalone.query;

import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.console.Table;
import io.atelier.standalone.locate.CommandEnvironment;
import io.atelier.standalone.locate.ServerOptions;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** {@code atelier workers}: who works here. */
@Command(
        name = "workers",
        description = "Lists the workers and what they do; those that left or were lost, for an hour.")
public final class WorkersCommand implements Callable<Integer> {

    private final CommandEnvironment around;

    @Mixin
    private ServerOptions server = new ServerOptions();

    public WorkersCommand(CommandEnvironment around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        var workers = around.gateway(server).workers();
        if (server.json()) {
            around.console().json(workers);
        } else if (workers.path("data").isEmpty()) {
            around.console().say("There are no workers. Start one with './atelier up --parts generator'.");
        } else {
            table(workers).lines().forEach(around.console()::say);
        }
        return ExitCode.OK.code();
    }

    private static Table table(JsonNode workers) {
        var table = new Table().row("WORKER", "KIND", "STATUS", "BUSY", "DEVICE", "POOL", "MODELS", "LAST SEEN");
        for (var worker : workers.path("data")) {
            table.row(
                    Table.cell(worker.path("id")),
                    Table.cell(worker.path("kind")),
                    Table.cell(worker.path("status")),
                    Table.cell(worker.path("running")) + " of " + Table.cell(worker.path("slots")),
                    Table.cell(worker.path("device")),
                    Table.cell(worker.path("pool")),
                    models(worker),
                    Table.cell(worker.path("last_seen_at")));
        }
        return table;
    }

    private static String models(JsonNode worker) {
        var models = worker.path("models").valueStream().map(JsonNode::asString).collect(Collectors.joining(","));
        return models.isEmpty() ? "-" : models;
    }
}
