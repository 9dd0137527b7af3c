package io.atelier.standalone.cancel;

import io.atelier.standalone.client.GenerationResponse;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.locate.CommandEnvironment;
import io.atelier.standalone.locate.ServerOptions;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code atelier cancel}: the wish to end a job early. */
@Command(
        name = "cancel",
        description = {
            "Ends a job early. One that waits is canceled at once; of one that runs the worker is asked to stop.",
            "Can be repeated. A job that has ended stays as it is.",
            "Example:",
            "  atelier cancel gen_06dahq1v1tw0f8v0sjy2m7sqs0 --reason \"wrong words\""
        })
public final class CancelCommand implements Callable<Integer> {

    private final CommandEnvironment around;

    @Parameters(paramLabel = "ID", description = "The job, as 'draw' or 'list' printed it: gen_...")
    private String id = "";

    @Option(names = "--reason", paramLabel = "WORDS", description = "Why, for whoever looks at the job later.")
    private @Nullable String reason;

    @Mixin
    private ServerOptions server = new ServerOptions();

    public CancelCommand(CommandEnvironment around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        var job = around.gateway(server).cancel(id, reason);
        if (server.json()) {
            around.console().json(job.json());
        } else {
            around.console().say(told(job));
        }
        return ExitCode.OK.code();
    }

    private static String told(GenerationResponse job) {
        if (job.status().equals("canceled")) {
            return "Job %s is canceled.".formatted(job.id());
        }
        return job.terminal()
                ? "Job %s had ended before: %s.".formatted(job.id(), job.status())
                : "Job %s is %s; its worker was asked to stop. See './atelier status %s'."
                        .formatted(job.id(), job.status(), job.id());
    }
}
