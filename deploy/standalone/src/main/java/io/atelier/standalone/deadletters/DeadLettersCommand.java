package io.atelier.standalone.deadletters;

import io.atelier.standalone.locate.CommandEnvironment;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code atelier dead-letters} and its two words. */
@Command(
        name = "dead-letters",
        description = "Shows the tasks that nobody will work on again, and asks for their jobs once more.")
public final class DeadLettersCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private DeadLettersCommand() {}

    /** The command with its words. */
    public static CommandLine in(CommandEnvironment around) {
        var line = new CommandLine(new DeadLettersCommand())
                .addSubcommand(new ListDeadLettersCommand(around))
                .addSubcommand(new RetryCommand(around));
        line.getSubcommands()
                .values()
                .forEach(command -> command.getCommandSpec().mixinStandardHelpOptions(true));
        return line;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do with dead letters: list or retry.");
    }
}
