package io.atelier.standalone.command;

import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.locate.CommandContext;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code atelier completion}: prints a script that completes subcommands and options. */
@Command(
        name = "completion",
        description = {
            "Prints a script that completes subcommands and options in bash and zsh.",
            "Example:",
            "  source <(atelier completion)"
        })
final class CompletionCommand implements Callable<Integer> {

    private final CommandContext context;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    CompletionCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        context.console()
                .printUnchanged(
                        AutoComplete.bash(spec.root().name(), spec.root().commandLine()));
        return ExitCode.OK.code();
    }
}
