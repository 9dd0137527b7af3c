package io.atelier.standalone.system;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.folder.DataFolder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;

/** Configures logging to a file in the data folder, and of errors to the console. Must be called before the first log line. */
public final class SystemLogging {

    private static final String FORMAT = "LOGGING_STRUCTURED_FORMAT_FILE";

    private SystemLogging() {}

    /**
     * Configures logging and returns the log file.
     *
     * @param settings the environment variables; as in Spring Boot's services, {@value #FORMAT} makes each line of the file a JSON object
     * @throws CommandFailed if the format is none that Spring Boot has
     */
    public static Path configure(DataFolder data, Set<SystemPart> parts, Map<String, String> settings) {
        var file = data.logs().resolve(name(parts) + ".log");
        // Otherwise each application would configure Logback again, and lose what the others log meanwhile.
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        System.setProperty("logback.configurationFile", "standalone-logback.xml");
        System.setProperty("atelier.log", file.toString());
        var format = settings.getOrDefault(FORMAT, "");
        if (!format.isEmpty()) {
            writeJson(format);
        }
        return file;
    }

    private static void writeJson(String format) {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        // The encoder reads further settings of structured logging from there.
        context.putObject(Environment.class.getName(), new StandardEnvironment());
        var encoder = new StructuredLogEncoder();
        encoder.setContext(context);
        encoder.setFormat(format);
        try {
            encoder.start();
        } catch (RuntimeException e) {
            throw new CommandFailed(
                    ExitCode.REFUSED,
                    "%s is '%s'; it must be ecs, gelf or logstash, or be left out for text.".formatted(FORMAT, format));
        }
        var appender = (FileAppender<ILoggingEvent>)
                context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("FILE");
        // Nothing has been logged yet. A restart would stop the policies of the appender, too.
        appender.setEncoder(encoder);
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
