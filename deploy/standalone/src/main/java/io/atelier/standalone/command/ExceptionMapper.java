package io.atelier.standalone.command;

import io.atelier.standalone.client.GatewayUnreachable;
import io.atelier.standalone.client.RequestRefused;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import java.io.UncheckedIOException;
import java.util.Map;
import picocli.CommandLine.ParameterException;

/** Maps exceptions to exit codes and messages for users. */
final class ExceptionMapper {

    private ExceptionMapper() {}

    static CommandFailed map(Exception failure) {
        if (failure instanceof CommandFailed failed) {
            return failed;
        }
        if (failure instanceof ParameterException usage) {
            return usage(usage);
        }
        if (failure instanceof RequestRefused refused) {
            return refused(refused);
        }
        if (failure instanceof GatewayUnreachable unreachable) {
            return new CommandFailed(
                    ExitCode.NOT_RUNNING,
                    "%s: %s. Check the URL, and that a system runs there."
                            .formatted(unreachable.getMessage(), CommandFailed.reason(root(unreachable))));
        }
        if (failure instanceof UncheckedIOException unusable) {
            return new CommandFailed(ExitCode.NOT_RUNNING, unusable(unusable), Map.of("code", "io"));
        }
        return new CommandFailed(
                ExitCode.BROKEN,
                "Internal error of the command, please report it: " + failure,
                Map.of("code", "internal"));
    }

    static CommandFailed usage(ParameterException failure) {
        return new CommandFailed(ExitCode.REFUSED, UsageMessage.of(failure), Map.of("code", "usage"));
    }

    /** A file or the disk is the matter, which the user can mend: a full disk, permissions, a folder that is gone. */
    private static String unusable(UncheckedIOException failure) {
        var reason = CommandFailed.reason(root(failure));
        var text = failure.getMessage() == null ? reason : failure.getMessage() + ": " + reason;
        return text
                + (reason.contains("No space left")
                        ? ". The disk is full: free space on it, then try again."
                        : ". Check that the folder exists and that you may write to it.");
    }

    /** Client errors and a missing worker are the caller's to fix; other errors mean that the system does not work. */
    private static CommandFailed refused(RequestRefused refused) {
        var problem = refused.problem();
        var exit = problem.status() < 500 || problem.code().equals("no-capable-worker")
                ? ExitCode.REFUSED
                : ExitCode.NOT_RUNNING;
        return new CommandFailed(
                exit,
                problem.describe(),
                Map.of("code", problem.code(), "status", problem.status(), "errors", problem.errors()));
    }

    private static Throwable root(Throwable failure) {
        var root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
