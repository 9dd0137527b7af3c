package io.atelier.standalone.command;

import io.atelier.standalone.cancel.CancelCommand;
import io.atelier.standalone.cancel.DeleteCommand;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.deadletters.DeadLettersCommand;
import io.atelier.standalone.draw.DrawCommand;
import io.atelier.standalone.locate.CommandEnvironment;
import io.atelier.standalone.query.ListCommand;
import io.atelier.standalone.query.ModelsCommand;
import io.atelier.standalone.query.QueueCommand;
import io.atelier.standalone.query.StatusCommand;
import io.atelier.standalone.query.WorkersCommand;
import io.atelier.standalone.up.DownCommand;
import io.atelier.standalone.up.UpCommand;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code atelier} command and all its words. */
@Command(
        name = "atelier",
        mixinStandardHelpOptions = true,
        versionProvider = AtelierCommand.Version.class,
        description = "Draws pictures, on this machine or through a gateway elsewhere.",
        exitCodeListHeading = "%nExit codes:%n",
        footerHeading = "%nSettings are environment variables; the README has them in one table:%n",
        footer = "ATELIER_DATA, ATELIER_HTTP_PORT, ATELIER_URL, ATELIER_KAFKA, ATELIER_S3, ...")
public final class AtelierCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private AtelierCommand() {}

    /** The whole command line, ready to execute arguments. */
    public static CommandLine in(CommandEnvironment around) {
        var line = new CommandLine(new AtelierCommand())
                .addSubcommand(new DrawCommand(around))
                .addSubcommand(new UpCommand(around))
                .addSubcommand(new DownCommand(around))
                .addSubcommand(new StatusCommand(around))
                .addSubcommand(new ListCommand(around))
                .addSubcommand(new CancelCommand(around))
                .addSubcommand(new DeleteCommand(around))
                .addSubcommand(new ModelsCommand(around))
                .addSubcommand(new QueueCommand(around))
                .addSubcommand(new WorkersCommand(around))
                .addSubcommand(DeadLettersCommand.in(around))
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    var told = CommandFailures.told(failure);
                    around.console().failure(told, asJson(parsed.originalArgs().toArray(String[]::new)));
                    return told.exitCode().code();
                })
                .setParameterExceptionHandler((failure, arguments) -> {
                    var told = CommandFailures.usage(failure);
                    around.console().failure(told, asJson(arguments));
                    return told.exitCode().code();
                });
        line.getSubcommands()
                .values()
                .forEach(command -> command.getCommandSpec().mixinStandardHelpOptions(true));
        line.getCommandSpec().usageMessage().exitCodeList(exitCodes());
        return line;
    }

    /** Without a word for what to do: usage, and an exit code that scripts notice. */
    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Say what to do: draw, up, down, status, list, cancel or another word of --help.");
    }

    private static boolean asJson(String[] arguments) {
        return Arrays.asList(arguments).contains("--json");
    }

    private static Map<String, String> exitCodes() {
        var codes = new LinkedHashMap<String, String>();
        for (var code : ExitCode.values()) {
            codes.put(Integer.toString(code.code()), code.meaning());
        }
        codes.put("130", "stopped with Ctrl-C; an accepted job goes on");
        return codes;
    }

    /** The version of the jar, as its manifest has it. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            var version = AtelierCommand.class.getPackage().getImplementationVersion();
            return new String[] {"atelier " + (version == null ? "(not from a jar)" : version)};
        }
    }
}
