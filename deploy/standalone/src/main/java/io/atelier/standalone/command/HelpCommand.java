package io.atelier.standalone.command;

import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.locate.CommandContext;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code atelier help}: shows the help of a subcommand. */
@Command(
        name = "help",
        description = {
            "Shows the help of the command, or of a subcommand.",
            "Example:",
            "  atelier help dead-letters retry"
        })
final class HelpCommand implements Callable<Integer> {

    private final CommandContext context;

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "The subcommand.")
    private List<String> names = List.of();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    HelpCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var command = spec.root().commandLine();
        for (var name : names) {
            command = subcommand(command, name);
        }
        context.console().printUnchanged(command.getUsageMessage(command.getColorScheme()));
        return ExitCode.OK.code();
    }

    private static CommandLine subcommand(CommandLine command, String name) {
        var found = command.getSubcommands().get(name);
        if (found == null) {
            throw new UnmatchedArgumentException(command, List.of(name));
        }
        return found;
    }
}
