package io.atelier.standalone.console;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.Map;

/** A command failed: carries the exit code, a message for users and further members for {@code --json}. */
public final class CommandFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;
    private final transient Map<String, Object> details;

    public CommandFailed(ExitCode exitCode, String message) {
        this(exitCode, message, Map.of());
    }

    /** @param details further members of the error object that {@code --json} prints */
    public CommandFailed(ExitCode exitCode, String message, Map<String, Object> details) {
        super(message);
        this.exitCode = exitCode;
        this.details = Map.copyOf(details);
    }

    public ExitCode exitCode() {
        return exitCode;
    }

    public Map<String, Object> details() {
        return details;
    }

    /** The message of an exception, for users. What Java says with the name of a class only is said in words. */
    public static String reason(Throwable cause) {
        var message = cause.getMessage();
        if (message == null || message.isBlank()) {
            return words(cause);
        }
        boolean onlyTheFile = cause instanceof FileSystemException file && file.getReason() == null;
        return onlyTheFile ? message + ": " + words(cause) : message;
    }

    private static String words(Throwable cause) {
        if (cause instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (cause instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        return cause.getClass()
                .getSimpleName()
                .replaceFirst("(?<=.)(Exception|Error)$", "")
                .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                .toLowerCase(Locale.ROOT);
    }
}
