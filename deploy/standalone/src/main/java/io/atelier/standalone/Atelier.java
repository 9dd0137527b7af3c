package io.atelier.standalone;

import io.atelier.standalone.command.AtelierCommand;
import io.atelier.standalone.console.Console;
import io.atelier.standalone.locate.CommandContext;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;

/** Main class of the executable jar: runs the {@code atelier} command and exits with its status. */
public final class Atelier {

    private Atelier() {}

    public static void main(String[] arguments) {
        var terminal = Boolean.getBoolean("atelier.terminal");
        var console = new Console(writer(System.out), writer(System.err), terminal);
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
                        "-jar",
                        System.getProperty("java.class.path"),
                        "up");
    }

    private static PrintWriter writer(OutputStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, Charset.defaultCharset()), true);
    }
}
