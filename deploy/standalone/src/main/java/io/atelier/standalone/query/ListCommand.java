package io.atelier.standalone.query;

import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.console.Table;
import io.atelier.standalone.locate.CommandEnvironment;
import io.atelier.standalone.locate.ServerOptions;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code atelier list}: the jobs, newest first. */
@Command(
        name = "list",
        description = {"Lists the jobs, newest first.", "Example:", "  atelier list --status running --limit 50"})
public final class ListCommand implements Callable<Integer> {

    private static final int LONGEST_PROMPT = 40;

    private final CommandEnvironment around;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            description = "Only those: queued, running, succeeded, failed, canceled or expired.")
    private @Nullable String status;

    @Option(names = "--limit", paramLabel = "COUNT", description = "How many, 1 to 100. Default: 20.")
    private int limit = 20;

    @Mixin
    private ServerOptions server = new ServerOptions();

    public ListCommand(CommandEnvironment around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        var jobs = around.gateway(server).generations(limit, status);
        if (server.json()) {
            around.console().json(jobs);
        } else if (jobs.path("data").isEmpty()) {
            around.console().say("There are no such jobs.");
        } else {
            table(jobs).lines().forEach(around.console()::say);
            if (jobs.path("has_more").asBoolean(false)) {
                around.console().say("There are older ones; see --limit.");
            }
        }
        return ExitCode.OK.code();
    }

    private static Table table(JsonNode jobs) {
        var table = new Table().row("JOB", "STATUS", "CREATED", "MODEL", "PROMPT");
        for (var job : jobs.path("data")) {
            table.row(
                    Table.cell(job.path("id")),
                    Table.cell(job.path("status")),
                    Table.cell(job.path("created_at")),
                    Table.cell(job.path("model")),
                    cut(Table.cell(job.path("request").path("prompt"))));
        }
        return table;
    }

    private static String cut(String prompt) {
        var line = prompt.replaceAll("\\s+", " ");
        return line.length() <= LONGEST_PROMPT ? line : line.substring(0, LONGEST_PROMPT - 3) + "...";
    }
}
