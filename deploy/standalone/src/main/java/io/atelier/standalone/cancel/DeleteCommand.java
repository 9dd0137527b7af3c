package io.atelier.standalone.cancel;

import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.locate.CommandEnvironment;
import io.atelier.standalone.locate.ServerOptions;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code atelier delete}: takes back a job with its pictures and words. */
@Command(
        name = "delete",
        description = {
            "Erases a job: its pictures, its prompt and its labels. Ends it first if it has not ended.",
            "What is erased cannot be brought back."
        })
public final class DeleteCommand implements Callable<Integer> {

    private final CommandEnvironment around;

    @Parameters(paramLabel = "ID", description = "The job, as 'draw' or 'list' printed it: gen_...")
    private String id = "";

    @Mixin
    private ServerOptions server = new ServerOptions();

    public DeleteCommand(CommandEnvironment around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        boolean erased = around.gateway(server).erase(id);
        if (server.json()) {
            var result = new LinkedHashMap<String, Object>();
            result.put("id", id);
            result.put("erased", erased);
            around.console().json(result);
        } else {
            around.console()
                    .say((erased ? "Job %s is erased." : "Job %s will be erased as soon as its worker has stopped.")
                            .formatted(id));
        }
        return ExitCode.OK.code();
    }
}
