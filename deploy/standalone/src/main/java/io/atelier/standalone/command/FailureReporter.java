package io.atelier.standalone.command;

import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.Console;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Prints why a command failed or was not understood, as JSON if the arguments ask for that, and gives the exit code. A class of its own instead of two
 * lambdas: Java 17 crashes when it archives a lambda of an interface as old as those of picocli.
 */
final class FailureReporter implements IExecutionExceptionHandler, IParameterExceptionHandler {

    private final Console console;

    FailureReporter(Console console) {
        this.console = console;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        return report(
                ExceptionMapper.map(failure, command.getCommandSpec()),
                parsed.originalArgs().toArray(String[]::new));
    }

    @Override
    public int handleParseException(ParameterException failure, String[] arguments) {
        return report(ExceptionMapper.usage(failure), arguments);
    }

    private int report(CommandFailed failed, String[] arguments) {
        console.failure(failed, Arrays.asList(arguments).contains("--json"));
        return failed.exitCode().code();
    }
}
