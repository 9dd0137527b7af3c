package io.atelier.standalone.deadletters;

import io.atelier.standalone.locate.CommandContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code atelier dead-letters} with its two subcommands. */
@Command(name = "dead-letters", description = "Lists dead-lettered tasks, and retries their jobs.")
public final class DeadLettersCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private DeadLettersCommand() {}

    /** The command line with the subcommands. */
    public static CommandLine commandLine(CommandContext context) {
        var line = new CommandLine(new DeadLettersCommand())
                .addSubcommand(new ListDeadLettersCommand(context))
                .addSubcommand(new RetryCommand(context));
        line.getSubcommands()
                .values()
                .forEach(command -> command.getCommandSpec().mixinStandardHelpOptions(true));
        return line;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing subcommand: list or retry");
    }
}
