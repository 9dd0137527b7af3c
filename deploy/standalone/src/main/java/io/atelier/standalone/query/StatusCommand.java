package io.atelier.standalone.query;

import io.atelier.standalone.client.GatewayClient;
import io.atelier.standalone.client.GenerationResponse;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.console.Table;
import io.atelier.standalone.locate.CommandContext;
import io.atelier.standalone.locate.GatewayOptions;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code atelier status}: shows the state of a job. */
@Command(name = "status", description = "Shows the state of a job.")
public final class StatusCommand implements Callable<Integer> {

    private final CommandContext context;

    @Parameters(paramLabel = "ID", description = "The id of the job, as printed by 'draw' or 'list': gen_...")
    private String id = "";

    @Mixin
    private GatewayOptions gatewayOptions = new GatewayOptions();

    public StatusCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var gateway = context.gateway(gatewayOptions);
        var generation = gateway.generation(id);
        if (gatewayOptions.json()) {
            context.console().json(generation.json());
        } else {
            table(generation, gateway).lines().forEach(context.console()::print);
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
            table.row("image", "%s (%d x %d)".formatted(gateway.resolve(image.url()), image.width(), image.height()));
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
