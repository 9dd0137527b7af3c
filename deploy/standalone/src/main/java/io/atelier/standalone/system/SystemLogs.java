package io.atelier.standalone.system;

import io.atelier.standalone.folder.DataFolder;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/** Sends the log of this process to a file of the data folder, and only errors to the console. Must come before the first log line. */
public final class SystemLogs {

    private SystemLogs() {}

    /** Returns the file. */
    public static Path write(DataFolder data, Set<SystemPart> parts) {
        var file = data.logs().resolve(name(parts) + ".log");
        // Each of the applications would otherwise set up the log anew, and lose what the others say meanwhile.
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        System.setProperty("logback.configurationFile", "standalone-logback.xml");
        System.setProperty("atelier.log", file.toString());
        return file;
    }

    /** Parts of which a folder can have several write to a file for each process. */
    private static String name(Set<SystemPart> parts) {
        if (parts.equals(SystemPart.all())) {
            return "atelier";
        }
        var words = parts.stream().sorted().map(SystemPart::word).collect(Collectors.joining("-"));
        return parts.stream().anyMatch(SystemPart::onceInAFolder)
                ? words
                : words + "-" + ProcessHandle.current().pid();
    }
}
