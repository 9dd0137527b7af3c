package io.atelier.standalone.deadletters;

import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.console.Table;
import io.atelier.standalone.locate.CommandEnvironment;
import io.atelier.standalone.locate.ServerOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code atelier dead-letters list}: what was given up, and why. */
@Command(
        name = "list",
        description = "Lists the tasks that were given up because they stopped their workers, newest first.")
final class ListDeadLettersCommand implements Callable<Integer> {

    private final CommandEnvironment around;

    @Option(names = "--limit", paramLabel = "COUNT", description = "How many, 1 to 100. Default: 20.")
    private int limit = 20;

    @Mixin
    private ServerOptions server = new ServerOptions();

    ListDeadLettersCommand(CommandEnvironment around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        var letters = around.gateway(server).deadLetters(limit);
        if (server.json()) {
            around.console().json(letters);
        } else if (letters.path("data").isEmpty()) {
            around.console().say("There are no dead letters.");
        } else {
            table(letters).lines().forEach(around.console()::say);
            around.console().say("Ask for one again with './atelier dead-letters retry JOB'.");
        }
        return ExitCode.OK.code();
    }

    private static Table table(JsonNode letters) {
        var table = new Table().row("GIVEN UP", "JOB", "TASK", "WHY", "WHERE THE ORDER LIES");
        for (var letter : letters.path("data")) {
            table.row(
                    Table.cell(letter.path("at")),
                    Table.cell(letter.path("job_id")),
                    Table.cell(letter.path("task")),
                    Table.cell(letter.path("reason").path("code")),
                    "%s-%s@%s"
                            .formatted(
                                    Table.cell(letter.path("topic")),
                                    Table.cell(letter.path("partition")),
                                    Table.cell(letter.path("offset"))));
        }
        return table;
    }
}
