package io.atelier.standalone.deadletters;

import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.locate.CommandEnvironment;
import io.atelier.standalone.locate.ServerOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code atelier dead-letters retry}: the same job once more, as a new one. */
@Command(
        name = "retry",
        description = {
            "Asks for a job once more, with the same words and seed, as a new job. Any job that has ended will do.",
            "First mend what stopped the workers: their logs tell."
        })
final class RetryCommand implements Callable<Integer> {

    private final CommandEnvironment around;

    @Parameters(paramLabel = "ID", description = "The job, as 'dead-letters list' printed it: gen_...")
    private String id = "";

    @Mixin
    private ServerOptions server = new ServerOptions();

    RetryCommand(CommandEnvironment around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        var job = around.gateway(server).retry(id);
        if (server.json()) {
            around.console().json(job.json());
        } else {
            around.console()
                    .say("Job %s does it again; look at it with './atelier status %s'.".formatted(job.id(), job.id()));
        }
        return ExitCode.OK.code();
    }
}
