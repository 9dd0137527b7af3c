package io.atelier.standalone.query;

import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.console.Table;
import io.atelier.standalone.locate.CommandContext;
import io.atelier.standalone.locate.GatewayOptions;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** {@code atelier queue}: shows queue lengths and estimated times. */
@Command(
        name = "queue",
        description = "Shows per model how many jobs are queued and running, and when a new job would end.")
public final class QueueCommand implements Callable<Integer> {

    private final CommandContext context;

    @Mixin
    private GatewayOptions gatewayOptions = new GatewayOptions();

    public QueueCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var queue = context.gateway(gatewayOptions).queue();
        if (gatewayOptions.json()) {
            context.console().json(queue);
            return ExitCode.OK.code();
        }
        var table = new Table().row("MODEL", "POOL", "QUEUED", "RUNNING", "OLDEST", "NEW JOB ENDS IN");
        for (var model : queue.path("models")) {
            table.row(
                    Table.cell(model.path("model")),
                    Table.cell(model.path("pool")),
                    Table.cell(model.path("queued")),
                    Table.cell(model.path("running")),
                    seconds(model.path("oldest_seconds")),
                    seconds(model.path("eta_seconds")));
        }
        table.lines().forEach(context.console()::print);
        context.console().print("OLDEST: how long the oldest queued job has waited. -: unknown. Details: --json");
        return ExitCode.OK.code();
    }

    private static String seconds(JsonNode value) {
        return value.isNumber() ? String.format(Locale.ROOT, "%.0f s", value.asDouble()) : "-";
    }
}
