package io.atelier.standalone.cancel;

import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.locate.CommandContext;
import io.atelier.standalone.locate.GatewayOptions;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code atelier delete}: erases a job with its images, prompt and labels. */
@Command(
        name = "delete",
        description = {
            "Erases a job: its images, its prompt and its labels.",
            "A job that has not ended is canceled first.",
            "Erased data cannot be restored."
        })
public final class DeleteCommand implements Callable<Integer> {

    private final CommandContext context;

    @Parameters(paramLabel = "ID", description = "The id of the job, as printed by 'draw' or 'list': gen_...")
    private String id = "";

    @Mixin
    private GatewayOptions gatewayOptions = new GatewayOptions();

    public DeleteCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        boolean erased = context.gateway(gatewayOptions).erase(id);
        if (gatewayOptions.json()) {
            var result = new LinkedHashMap<String, Object>();
            result.put("id", id);
            result.put("erased", erased);
            context.console().json(result);
        } else {
            context.console()
                    .print((erased ? "Job %s is erased." : "Job %s will be erased as soon as its worker has stopped.")
                            .formatted(id));
        }
        return ExitCode.OK.code();
    }
}
