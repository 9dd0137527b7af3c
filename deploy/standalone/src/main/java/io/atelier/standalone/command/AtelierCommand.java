package io.atelier.standalone.command;

import io.atelier.standalone.avatar.AvatarCommand;
import io.atelier.standalone.cancel.CancelCommand;
import io.atelier.standalone.cancel.DeleteCommand;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.deadletters.DeadLettersCommand;
import io.atelier.standalone.draw.DrawCommand;
import io.atelier.standalone.locate.CommandContext;
import io.atelier.standalone.models.DevicesCommand;
import io.atelier.standalone.models.ModelsCommand;
import io.atelier.standalone.query.ListCommand;
import io.atelier.standalone.query.QueueCommand;
import io.atelier.standalone.query.StatusCommand;
import io.atelier.standalone.query.WorkersCommand;
import io.atelier.standalone.up.DownCommand;
import io.atelier.standalone.up.UpCommand;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code atelier} command with all its subcommands. */
@Command(
        name = "atelier",
        mixinStandardHelpOptions = true,
        versionProvider = AtelierCommand.Version.class,
        description = "Generates images, with a system on this machine or through a gateway elsewhere.",
        exitCodeListHeading = "%nExit codes:%n",
        footerHeading = "%nSettings are environment variables; docs/configuration.md describes them:%n",
        footer = "ATELIER_DATA, ATELIER_HTTP_PORT, ATELIER_URL, ATELIER_KAFKA, ATELIER_S3, ...")
public final class AtelierCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private AtelierCommand() {}

    /** The complete command line, ready to execute arguments. */
    public static CommandLine commandLine(CommandContext context) {
        var failures = new FailureReporter(context.console());
        var line = new CommandLine(new AtelierCommand())
                .addSubcommand(new DrawCommand(context))
                .addSubcommand(new AvatarCommand(context))
                .addSubcommand(new UpCommand(context))
                .addSubcommand(new DownCommand(context))
                .addSubcommand(new StatusCommand(context))
                .addSubcommand(new ListCommand(context))
                .addSubcommand(new CancelCommand(context))
                .addSubcommand(new DeleteCommand(context))
                .addSubcommand(ModelsCommand.commandLine(context))
                .addSubcommand(new DevicesCommand(context))
                .addSubcommand(new QueueCommand(context))
                .addSubcommand(new WorkersCommand(context))
                .addSubcommand(DeadLettersCommand.commandLine(context))
                .addSubcommand(new CompletionCommand(context))
                .addSubcommand(new HelpCommand(context))
                // A prompt may begin with @, which otherwise names a file with arguments.
                .setExpandAtFiles(false)
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        context.console().terminal().coloursOut() ? Ansi.ON : Ansi.OFF))
                .setExecutionExceptionHandler(failures)
                .setParameterExceptionHandler(failures);
        line.getSubcommands()
                .values()
                .forEach(command -> command.getCommandSpec().mixinStandardHelpOptions(true));
        OptionTypes.register(line);
        line.setOut(printer(context));
        line.getCommandSpec().usageMessage().exitCodeList(exitCodes());
        return line;
    }

    /** Runs without a subcommand, which is wrong usage. */
    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Missing subcommand, such as draw, up, down, status, list or cancel");
    }

    /** Help is printed like any result: a standard output that is full or closed is a failure. */
    private static PrintWriter printer(CommandContext context) {
        return new PrintWriter(new Writer() {
            @Override
            public void write(char[] text, int start, int length) {
                context.console().printUnchanged(new String(text, start, length));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
    }

    private static Map<String, String> exitCodes() {
        var codes = new LinkedHashMap<String, String>();
        for (var code : ExitCode.values()) {
            codes.put(Integer.toString(code.code()), code.meaning());
        }
        codes.put("130", "stopped with Ctrl-C; an accepted job goes on");
        codes.put("143", "stopped by a signal (SIGTERM); an accepted job goes on");
        return codes;
    }

    /** Reads the version from the manifest of the jar. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            var version = AtelierCommand.class.getPackage().getImplementationVersion();
            return new String[] {"atelier " + (version == null ? "(unknown version: not run from a jar)" : version)};
        }
    }
}
