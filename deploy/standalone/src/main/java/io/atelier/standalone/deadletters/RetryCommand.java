package io.atelier.standalone.deadletters;

import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.locate.CommandContext;
import io.atelier.standalone.locate.GatewayOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code atelier dead-letters retry}: retries a job as a new one. */
@Command(
        name = "retry",
        description = {
            "Retries a job as a new job with the same request and seed.",
            "The job must have ended.",
            "First fix what stopped the workers: see their logs."
        })
final class RetryCommand implements Callable<Integer> {

    private final CommandContext context;

    @Parameters(paramLabel = "ID", description = "The id of the job, as printed by 'dead-letters list': gen_...")
    private String id = "";

    @Mixin
    private GatewayOptions gatewayOptions = new GatewayOptions();

    RetryCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var job = context.gateway(gatewayOptions).retry(id);
        if (gatewayOptions.json()) {
            context.console().json(job.json());
        } else {
            context.console()
                    .print("Created job %s as a retry. Check it with './atelier status %s'."
                            .formatted(job.id(), job.id()));
        }
        return ExitCode.OK.code();
    }
}
