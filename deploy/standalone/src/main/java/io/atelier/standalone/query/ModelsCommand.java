package io.atelier.standalone.query;

import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.console.Table;
import io.atelier.standalone.locate.CommandEnvironment;
import io.atelier.standalone.locate.ServerOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code atelier models}: what can draw here. */
@Command(
        name = "models",
        description = "Lists the models that somebody is there to draw with, and what the others lack.")
public final class ModelsCommand implements Callable<Integer> {

    private final CommandEnvironment around;

    @Option(names = "--all", description = "also those that nobody can draw with now, and why")
    private boolean all;

    @Mixin
    private ServerOptions server = new ServerOptions();

    public ModelsCommand(CommandEnvironment around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        var models = around.gateway(server).models();
        if (server.json()) {
            around.console().json(models);
            return ExitCode.OK.code();
        }
        var table = new Table().row("MODEL", "ENGINE", "STATE", "SIZE", "MOST", "WHAT IT IS");
        int hidden = 0;
        for (var model : models.path("data")) {
            if (all || isThere(model)) {
                table.row(
                        text(model, "id") + (model.path("standard").asBoolean(false) ? " *" : ""),
                        text(model, "engine"),
                        text(model, "state").replace('_', ' '),
                        text(model.path("defaults"), "size"),
                        text(model.path("limits"), "n"),
                        isThere(model) ? firstSentence(text(model, "description")) : reason(model));
            } else {
                hidden++;
            }
        }
        table.lines().forEach(around.console()::say);
        around.console()
                .say("SIZE: if none is given. MOST: pictures of one request. *: if no model is given. More: --json");
        if (hidden > 0) {
            around.console().say("%d more need a setting or a worker: --all shows them.".formatted(hidden));
        }
        return ExitCode.OK.code();
    }

    /** Gateways of the first version do not say. */
    private static boolean isThere(JsonNode model) {
        var state = model.path("state").asString("ready");
        return state.equals("ready")
                || state.equals("failing")
                || model.path("standard").asBoolean(false);
    }

    private static String reason(JsonNode model) {
        var detail = model.path("state_detail").asString("");
        return detail.isEmpty() ? "No worker has its engine." : detail;
    }

    private static String text(JsonNode node, String member) {
        return node.path(member).asString("-");
    }

    private static String firstSentence(String text) {
        int end = text.indexOf(". ");
        return end < 0 ? text : text.substring(0, end + 1);
    }
}
