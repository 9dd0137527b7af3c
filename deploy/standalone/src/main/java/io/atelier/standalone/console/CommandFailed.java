package io.atelier.standalone.console;

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

    /** The message of an exception, or its class name if it has none. */
    public static String reason(Throwable cause) {
        var message = cause.getMessage();
        return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
    }
}
