package io.atelier.standalone.system;

import io.atelier.standalone.folder.DataFolder;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/** Configures logging to a file in the data folder, and of errors to the console. Must be called before the first log line. */
public final class SystemLogging {

    private SystemLogging() {}

    /** Configures logging and returns the log file. */
    public static Path configure(DataFolder data, Set<SystemPart> parts) {
        var file = data.logs().resolve(name(parts) + ".log");
        // Otherwise each application would configure Logback again, and lose what the others log meanwhile.
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        System.setProperty("logback.configurationFile", "standalone-logback.xml");
        System.setProperty("atelier.log", file.toString());
        return file;
    }

    /** Parts that may run several times per folder get one file per process. */
    private static String name(Set<SystemPart> parts) {
        if (parts.equals(SystemPart.all())) {
            return "atelier";
        }
        var labels = parts.stream().sorted().map(SystemPart::label).collect(Collectors.joining("-"));
        return parts.stream().anyMatch(SystemPart::isExclusive)
                ? labels
                : labels + "-" + ProcessHandle.current().pid();
    }
}
