package io.atelier.standalone.query;

import io.atelier.standalone.client.GatewayClient;
import io.atelier.standalone.client.GenerationResponse;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.console.Table;
import io.atelier.standalone.locate.CommandEnvironment;
import io.atelier.standalone.locate.ServerOptions;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code atelier status}: where a job stands. */
@Command(name = "status", description = "Shows where a job stands.")
public final class StatusCommand implements Callable<Integer> {

    private final CommandEnvironment around;

    @Parameters(paramLabel = "ID", description = "The job, as 'draw' printed it: gen_...")
    private String id = "";

    @Mixin
    private ServerOptions server = new ServerOptions();

    public StatusCommand(CommandEnvironment around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        var gateway = around.gateway(server);
        var generation = gateway.generation(id);
        if (server.json()) {
            around.console().json(generation.json());
        } else {
            table(generation, gateway).lines().forEach(around.console()::say);
        }
        return ExitCode.OK.code();
    }

    private static Table table(GenerationResponse job, GatewayClient gateway) {
        var json = job.json();
        var table = new Table().row("job", job.id()).row("status", job.status()).row("stage", job.stage());
        job.fraction().ifPresent(done -> table.row("progress", String.format(Locale.ROOT, "%.0f %%", done * 100)));
        table.row("model", job.model())
                .row("prompt", json.path("request").path("prompt").asString(""))
                .row("attempt", text(json, "attempt") + " of " + text(json, "max_attempts"))
                .row("created", text(json, "created_at"))
                .row("started", text(json, "started_at"))
                .row("completed", text(json, "completed_at"));
        for (var image : job.images()) {
            table.row("picture", "%s (%d x %d)".formatted(gateway.resolve(image.url()), image.width(), image.height()));
        }
        job.warnings().forEach(warning -> table.row("warning", warning));
        job.error().ifPresent(error -> table.row("error", error));
        return table;
    }

    private static String text(JsonNode json, String member) {
        var value = json.path(member);
        return value.isNull() || value.isMissingNode() ? "-" : value.asString();
    }
}
