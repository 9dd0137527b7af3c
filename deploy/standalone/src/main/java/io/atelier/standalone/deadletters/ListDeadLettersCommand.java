package io.atelier.standalone.deadletters;

import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.console.Table;
import io.atelier.standalone.locate.CommandContext;
import io.atelier.standalone.locate.GatewayOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code atelier dead-letters list}: lists dead-lettered tasks with the reason. */
@Command(
        name = "list",
        description = {
            "Lists dead-lettered tasks, newest first.",
            "A task is dead-lettered if it stopped its workers or could not be read."
        })
final class ListDeadLettersCommand implements Callable<Integer> {

    private final CommandContext context;

    @Option(names = "--limit", paramLabel = "COUNT", description = "Maximum number of entries, 1 to 100. Default: 20.")
    private int limit = 20;

    @Mixin
    private GatewayOptions gatewayOptions = new GatewayOptions();

    ListDeadLettersCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var deadLetters = context.gateway(gatewayOptions).deadLetters(limit);
        if (gatewayOptions.json()) {
            context.console().json(deadLetters);
        } else if (deadLetters.path("data").isEmpty()) {
            context.console().print("There are no dead letters.");
        } else {
            table(deadLetters).lines().forEach(context.console()::print);
            context.console().print("Retry a job with './atelier dead-letters retry JOB'.");
        }
        return ExitCode.OK.code();
    }

    private static Table table(JsonNode deadLetters) {
        var table = new Table().row("DEAD-LETTERED AT", "JOB", "TASK", "REASON", "TASK RECORD");
        for (var deadLetter : deadLetters.path("data")) {
            table.row(
                    Table.cell(deadLetter.path("at")),
                    Table.cell(deadLetter.path("job_id")),
                    Table.cell(deadLetter.path("task")),
                    Table.cell(deadLetter.path("reason").path("code")),
                    "%s-%s@%s"
                            .formatted(
                                    Table.cell(deadLetter.path("topic")),
                                    Table.cell(deadLetter.path("partition")),
                                    Table.cell(deadLetter.path("offset"))));
        }
        return table;
    }
}
