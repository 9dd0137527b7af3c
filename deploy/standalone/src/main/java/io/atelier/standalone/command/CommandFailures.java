package io.atelier.standalone.command;

import io.atelier.standalone.client.GatewayUnreachable;
import io.atelier.standalone.client.RequestRefused;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import java.util.Map;
import picocli.CommandLine.ParameterException;

/** Which exit code and which words belong to what went wrong. */
final class CommandFailures {

    private CommandFailures() {}

    static CommandFailed told(Exception failure) {
        if (failure instanceof CommandFailed told) {
            return told;
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
                    "%s: %s. Is the URL right, and does a system run there?"
                            .formatted(unreachable.getMessage(), CommandFailed.reason(root(unreachable))));
        }
        return new CommandFailed(
                ExitCode.BROKEN,
                "A fault of the command itself, please report it: " + failure,
                Map.of("code", "internal"));
    }

    static CommandFailed usage(ParameterException failure) {
        var command = failure.getCommandLine().getCommandSpec().qualifiedName();
        return new CommandFailed(
                ExitCode.REFUSED,
                "%s (see '%s --help')".formatted(failure.getMessage(), command),
                Map.of("code", "usage"));
    }

    /** A request that is at fault is the caller's to mend; a gateway that is at fault is not. */
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
