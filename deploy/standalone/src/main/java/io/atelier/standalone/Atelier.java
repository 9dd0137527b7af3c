package io.atelier.standalone;

import io.atelier.messaging.process.ProcessLocale;
import io.atelier.standalone.command.AtelierCommand;
import io.atelier.standalone.command.UndecodedText;
import io.atelier.standalone.console.Console;
import io.atelier.standalone.console.TerminalStreams;
import io.atelier.standalone.locate.CommandContext;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Main class of the executable jar: runs the {@code atelier} command and exits with its status. */
public final class Atelier {

    /** The JVM decodes arguments and names of files by the locale of its environment; no option of the JVM changes that. */
    private static final String ENCODING = "sun.jnu.encoding";

    private Atelier() {}

    public static void main(String[] arguments) {
        ProcessLocale.useRoot();
        var terminal = TerminalStreams.of(
                Boolean.getBoolean("atelier.terminal.out"), Boolean.getBoolean("atelier.terminal"), System.getenv());
        // Not System.out and System.err, which hide failures such as a full disk.
        var console = new Console(
                System.in,
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                StandardCharsets.UTF_8,
                terminal);
        UndecodedText.find(arguments, System.getenv(), System.getProperty(ENCODING, "unknown"))
                .ifPresent(refused -> {
                    console.failure(refused, List.of(arguments).contains("--json"));
                    System.exit(refused.exitCode().code());
                });
        System.exit(AtelierCommand.commandLine(new CommandContext(System.getenv(), console, upCommand()))
                .execute(arguments));
    }

    /** The command line that starts a system: the launcher that started this process, otherwise this jar. */
    private static List<String> upCommand() {
        var launcher = System.getProperty("atelier.launcher");
        return launcher != null
                ? List.of(launcher, "up")
                : List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dfile.encoding=UTF-8",
                        "-jar",
                        System.getProperty("java.class.path"),
                        "up");
    }
}
