package io.atelier.standalone.models;

import io.atelier.contract.work.LocalModel;
import io.atelier.standalone.client.GatewayClient;
import io.atelier.standalone.client.RequestRefused;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.console.Table;
import io.atelier.standalone.locate.CommandContext;
import io.atelier.standalone.locate.GatewayOptions;
import io.atelier.standalone.models.library.ModelsFolder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** {@code atelier models}: lists the models; its subcommands change those of this machine. */
@Command(
        name = "models",
        description = {
            "Lists the models that can be used now; with --all also the others, and why they cannot.",
            "The subcommands are for the models that this machine runs itself."
        })
public final class ModelsCommand implements Callable<Integer> {

    private final CommandContext context;

    @Option(names = "--all", description = "Also list the models that cannot be used now, and why.")
    private boolean all;

    @Mixin
    private GatewayOptions gatewayOptions = new GatewayOptions();

    private ModelsCommand(CommandContext context) {
        this.context = context;
    }

    /** The command line with the subcommands. */
    public static CommandLine commandLine(CommandContext context) {
        var line = new CommandLine(new ModelsCommand(context))
                .addSubcommand(new AddModelCommand(context))
                .addSubcommand(new InspectModelCommand(context))
                .addSubcommand(new RemoveModelCommand(context))
                .addSubcommand(new UnloadModelCommand(context));
        line.getSubcommands()
                .values()
                .forEach(command -> command.getCommandSpec().mixinStandardHelpOptions(true));
        return line;
    }

    @Override
    public Integer call() {
        var gateway = context.gateway(gatewayOptions);
        var models = gateway.models();
        if (gatewayOptions.json()) {
            context.console().json(models);
            return ExitCode.OK.code();
        }
        var table = new Table().row("MODEL", "ENGINE", "STATE", "SIZE", "MAX", "DESCRIPTION");
        int hidden = 0;
        for (var model : models.path("data")) {
            if (all || isUsable(model)) {
                table.row(
                        text(model, "id") + (model.path("standard").asBoolean(false) ? " *" : ""),
                        text(model, "engine"),
                        text(model, "state").replace('_', ' '),
                        text(model.path("defaults"), "size"),
                        text(model.path("limits"), "n"),
                        isUsable(model) ? description(model) : reason(model, "state_detail"));
            } else {
                hidden++;
            }
        }
        for (var engine : unusable(capabilities(gateway), models)) {
            if (all) {
                table.row(
                        engine.getKey().substring(LocalModel.ENGINE_PREFIX.length()),
                        engine.getKey(),
                        "not configured",
                        "-",
                        "-",
                        reason(engine.getValue(), "detail"));
            } else {
                hidden++;
            }
        }
        table.lines().forEach(context.console()::print);
        if (all) {
            printStaged(ModelsFolder.of(context));
        }
        context.console().print("SIZE: default size. MAX: images per request. *: default model. Details: --json");
        if (hidden > 0) {
            context.console()
                    .print("%d more models need a setting or a worker; list them with --all.".formatted(hidden));
        }
        return ExitCode.OK.code();
    }

    private void printStaged(ModelsFolder models) {
        var staged = models.staged();
        if (!staged.isEmpty()) {
            context.console()
                    .print(
                            "Not complete in %s: %s. The same 'models add' goes on with a download; 'models remove' deletes it."
                                    .formatted(models.root(), String.join(", ", staged)));
        }
    }

    /** An old gateway has no such list. */
    private static JsonNode capabilities(GatewayClient gateway) {
        try {
            return gateway.capabilities();
        } catch (RequestRefused e) {
            return MissingNode.getInstance();
        }
    }

    /** The engines of model folders that no worker can use, with their conditions: their models are not in the list. */
    private static List<Map.Entry<String, JsonNode>> unusable(JsonNode capabilities, JsonNode models) {
        var listed = models.path("data")
                .valueStream()
                .map(model -> text(model, "engine"))
                .toList();
        return capabilities.path("providers").properties().stream()
                .filter(engine ->
                        engine.getKey().startsWith(LocalModel.ENGINE_PREFIX) && !listed.contains(engine.getKey()))
                .filter(engine -> text(engine.getValue(), "state").equals("not_configured"))
                .toList();
    }

    /** A gateway of API 1.0 sends no state; its models count as ready. */
    private static boolean isUsable(JsonNode model) {
        var state = model.path("state").asString("ready");
        return state.equals("ready")
                || state.equals("failing")
                || model.path("standard").asBoolean(false);
    }

    private static String description(JsonNode model) {
        var replacement = model.path("replaced_by").asString("");
        return replacement.isEmpty()
                ? firstSentence(text(model, "description"))
                : "Its maker shuts it down on %s: use %s.".formatted(text(model, "shutdown_date"), replacement);
    }

    private static String reason(JsonNode node, String member) {
        var detail = node.path(member).asString("");
        return detail.isEmpty() ? "No worker runs its engine." : detail;
    }

    private static String text(JsonNode node, String member) {
        return node.path(member).asString("-");
    }

    private static String firstSentence(String text) {
        int end = text.indexOf(". ");
        return end < 0 ? text : text.substring(0, end + 1);
    }
}
