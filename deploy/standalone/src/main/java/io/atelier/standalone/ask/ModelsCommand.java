package io.atelier.standalone.ask;

import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.console.Table;
import io.atelier.standalone.locate.ServerOptions;
import io.atelier.standalone.locate.Surroundings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
        var table = new Table().row("MODEL", "ENGINE", "DESCRIPTION");
        for (var model : models.path("data")) {
            table.row(
                    model.path("id").asString(""),
                    model.path("engine").asString("-"),
                    model.path("description").asString(""));
        }
        table.lines().forEach(around.console()::say);
        return ExitCode.OK.code();
    }
}
