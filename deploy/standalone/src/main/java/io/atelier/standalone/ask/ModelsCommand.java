package io.atelier.standalone.ask;

import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.console.Table;
import io.atelier.standalone.locate.ServerOptions;
import io.atelier.standalone.locate.Surroundings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** {@code atelier models}: what can draw here. */
@Command(name = "models", description = "Lists the models that the system knows.")
public final class ModelsCommand implements Callable<Integer> {

    private final Surroundings around;

    @Mixin
    private ServerOptions server = new ServerOptions();

    public ModelsCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        var models = around.gateway(server).models();
        if (server.json()) {
            around.console().json(models);
            return ExitCode.OK.code();
        }
        var table = new Table().row("MODEL", "ENGINE", "SIZE", "MOST", "WHAT IT IS");
        for (var model : models.path("data")) {
            table.row(
                    text(model, "id") + (model.path("standard").asBoolean(false) ? " *" : ""),
                    text(model, "engine"),
                    text(model.path("defaults"), "size"),
                    text(model.path("limits"), "n"),
                    firstSentence(text(model, "description")));
        }
        table.lines().forEach(around.console()::say);
        around.console()
                .say("SIZE: if none is given. MOST: pictures of one request. *: if no model is given. More: --json");
        return ExitCode.OK.code();
    }

    private static String text(JsonNode node, String member) {
        return node.path(member).asString("-");
    }

    private static String firstSentence(String text) {
        int end = text.indexOf(". ");
        return end < 0 ? text : text.substring(0, end + 1);
    }
}
