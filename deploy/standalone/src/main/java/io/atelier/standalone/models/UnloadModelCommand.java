package io.atelier.standalone.models;

import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.locate.CommandContext;
import io.atelier.standalone.locate.GatewayOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code atelier models unload}: frees the memory of a model. */
@Command(
        name = "unload",
        description = {
            "Frees the memory of a model on all workers, as soon as no job uses it.",
            "The model stays in the models folder; the next job loads it again. Can be repeated."
        })
final class UnloadModelCommand implements Callable<Integer> {

    private final CommandContext context;

    @Parameters(paramLabel = "NAME", description = "The name of the model.")
    private String name = "";

    @Mixin
    private GatewayOptions gatewayOptions = new GatewayOptions();

    UnloadModelCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var result = context.gateway(gatewayOptions).unloadModel(name);
        if (gatewayOptions.json()) {
            context.console().json(result);
        } else {
            context.console().print(describe(result.path("unloaded").asBoolean(false)));
        }
        return ExitCode.OK.code();
    }

    private String describe(boolean unloaded) {
        return unloaded
                ? "No worker has %s in memory.".formatted(name)
                : "The workers free the memory of %s as soon as no job uses it. Check with './atelier models --json'."
                        .formatted(name);
    }
}
