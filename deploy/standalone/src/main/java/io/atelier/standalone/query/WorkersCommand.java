package io.atelier.standalone.query;

import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.console.Table;
import io.atelier.standalone.locate.CommandContext;
import io.atelier.standalone.locate.GatewayOptions;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** {@code atelier workers}: lists the workers. */
@Command(
        name = "workers",
        description = {
            "Lists the workers and how busy they are.",
            "Workers that stopped or were lost are listed for one more hour."
        })
public final class WorkersCommand implements Callable<Integer> {

    private final CommandContext context;

    @Mixin
    private GatewayOptions gatewayOptions = new GatewayOptions();

    public WorkersCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var workers = context.gateway(gatewayOptions).workers();
        if (gatewayOptions.json()) {
            context.console().json(workers);
        } else if (workers.path("data").isEmpty()) {
            context.console().print("No workers found. Start one with './atelier up --parts generator'.");
        } else {
            table(workers).lines().forEach(context.console()::print);
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
                    busy(worker),
                    Table.cell(worker.path("device")),
                    Table.cell(worker.path("pool")),
                    models(worker),
                    Table.cell(worker.path("last_seen_at")));
        }
        return table;
    }

    /** The slots in use, and how many tasks run beside them. */
    private static String busy(JsonNode worker) {
        var slots = Table.cell(worker.path("running")) + " of " + Table.cell(worker.path("slots"));
        int beside = worker.path("running_beside_slots").asInt(0);
        return beside == 0 ? slots : slots + " + " + beside;
    }

    private static String models(JsonNode worker) {
        var models = worker.path("models").valueStream().map(JsonNode::asString).collect(Collectors.joining(","));
        return models.isEmpty() ? "-" : models;
    }
}
