package io.atelier.standalone.cancel;

import io.atelier.standalone.client.GenerationResponse;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.locate.CommandContext;
import io.atelier.standalone.locate.GatewayOptions;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code atelier cancel}: requests the cancellation of a job. */
@Command(
        name = "cancel",
        description = {
            "Cancels a job.",
            "A queued job is canceled at once; for a running job, its worker is asked to stop.",
            "Can be repeated. A job that has already ended does not change.",
            "Example:",
            "  atelier cancel gen_06dahq1v1tw0f8v0sjy2m7sqs0 --reason \"wrong prompt\""
        })
public final class CancelCommand implements Callable<Integer> {

    private final CommandContext context;

    @Parameters(paramLabel = "ID", description = "The id of the job, as printed by 'draw' or 'list': gen_...")
    private String id = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "The reason, stored with the job.")
    private @Nullable String reason;

    @Mixin
    private GatewayOptions gatewayOptions = new GatewayOptions();

    public CancelCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var job = context.gateway(gatewayOptions).cancel(id, reason);
        if (gatewayOptions.json()) {
            context.console().json(job.json());
        } else {
            context.console().print(describe(job));
        }
        return ExitCode.OK.code();
    }

    private static String describe(GenerationResponse job) {
        if (job.status().equals("canceled")) {
            return "Job %s is canceled.".formatted(job.id());
        }
        return job.isTerminal()
                ? "Job %s had already ended: %s.".formatted(job.id(), job.status())
                : "Job %s is %s; its worker was asked to stop. Check with './atelier status %s'."
                        .formatted(job.id(), job.status(), job.id());
    }
}
