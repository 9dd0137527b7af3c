package io.atelier.standalone.system;

import io.atelier.standalone.console.CommandFailed;

/** A part of the system did not start; the message names the part and the reason in one line. */
public final class StartFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StartFailed(SystemPart part, Throwable cause) {
        super("The %s did not start: %s".formatted(part.label(), reason(cause)), cause);
    }

    /** The root cause: the exceptions around it only name beans. */
    private static String reason(Throwable failure) {
        var root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return CommandFailed.reason(root);
    }
}
