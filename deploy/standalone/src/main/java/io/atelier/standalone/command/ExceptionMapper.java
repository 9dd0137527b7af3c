package io.atelier.standalone.command;

import io.atelier.standalone.client.GatewayUnreachable;
import io.atelier.standalone.client.ProblemResponse;
import io.atelier.standalone.client.RequestRefused;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Maps exceptions to exit codes and messages for users. */
final class ExceptionMapper {

    private static final int UNAVAILABLE = 503;

    private ExceptionMapper() {}

    /** @param command the command that failed, whose options a refusal names */
    static CommandFailed map(Exception failure, CommandSpec command) {
        if (failure instanceof CommandFailed failed) {
            return failed;
        }
        if (failure instanceof ParameterException usage) {
            return usage(usage);
        }
        if (failure instanceof RequestRefused refused) {
            return refused(refused.problem().inWords(text -> OptionNames.inText(command, text)), command);
        }
        if (failure instanceof GatewayUnreachable unreachable) {
            return new CommandFailed(
                    ExitCode.NOT_RUNNING, unreachable.getMessage() + ". Check the URL, and that a system runs there.");
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

    /**
     * Client errors are the caller's to fix, and so is what a working gateway refuses for good: a model without a worker or without an API
     * key. Other errors mean that the system does not work.
     */
    private static CommandFailed refused(ProblemResponse problem, CommandSpec command) {
        boolean forGood = problem.status() == UNAVAILABLE && !problem.retryable();
        UnaryOperator<String> names = pointer -> OptionNames.of(command, pointer);
        return new CommandFailed(
                problem.status() < 500 || forGood ? ExitCode.REFUSED : ExitCode.NOT_RUNNING,
                problem.describe(names),
                Map.of(
                        "code", problem.code(),
                        "status", problem.status(),
                        "errors",
                                problem.errors().stream()
                                        .map(error -> error.describe(names))
                                        .toList()));
    }

    private static Throwable root(Throwable failure) {
        var root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
