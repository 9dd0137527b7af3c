package io.atelier.standalone.system;

import io.atelier.standalone.console.CommandFailed;

/** A part of the system did not start; the message says which and why, in one line. */
public final class StartFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StartFailed(SystemPart part, Throwable cause) {
        super("The %s did not start: %s".formatted(part.word(), reason(cause)), cause);
    }

    /** The innermost cause knows best; what stands around it are the names of beans. */
    private static String reason(Throwable failure) {
        var root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return CommandFailed.reason(root);
    }
}
