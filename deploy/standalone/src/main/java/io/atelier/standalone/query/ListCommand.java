package io.atelier.standalone.query;

import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.console.Table;
import io.atelier.standalone.locate.CommandContext;
import io.atelier.standalone.locate.GatewayOptions;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code atelier list}: lists jobs, newest first. */
@Command(
        name = "list",
        description = {"Lists jobs, newest first.", "Example:", "  atelier list --status running --limit 50"})
public final class ListCommand implements Callable<Integer> {

    private static final int LONGEST_PROMPT = 40;

    private final CommandContext context;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            description = "Only jobs with this status: queued, running, succeeded, failed, canceled or expired.")
    private @Nullable String status;

    @Option(names = "--limit", paramLabel = "COUNT", description = "Maximum number of jobs, 1 to 100. Default: 20.")
    private int limit = 20;

    @Mixin
    private GatewayOptions gatewayOptions = new GatewayOptions();

    public ListCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var jobs = context.gateway(gatewayOptions).generations(limit, status);
        if (gatewayOptions.json()) {
            context.console().json(jobs);
        } else if (jobs.path("data").isEmpty()) {
            context.console().print("No jobs found.");
        } else {
            table(jobs).lines().forEach(context.console()::print);
            if (jobs.path("has_more").asBoolean(false)) {
                context.console().print("There are more jobs; use --limit to list them.");
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
                    shorten(Table.cell(job.path("request").path("prompt"))));
        }
        return table;
    }

    private static String shorten(String prompt) {
        var line = prompt.replaceAll("\\s+", " ");
        return line.length() <= LONGEST_PROMPT ? line : line.substring(0, LONGEST_PROMPT - 3) + "...";
    }
}
