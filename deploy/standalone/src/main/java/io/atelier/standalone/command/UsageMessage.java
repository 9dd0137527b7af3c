package io.atelier.standalone.command;

import java.util.List;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what was wrong with the arguments, and what was probably meant. */
final class UsageMessage {

    private static final String DRAW = "draw";

    private UsageMessage() {}

    static String of(ParameterException failure) {
        var command = failure.getCommandLine().getCommandSpec();
        var help = " (see '" + command.qualifiedName() + " --help')";
        if (!(failure instanceof UnmatchedArgumentException unmatched)
                || unmatched.getUnmatched().isEmpty()) {
            return failure.getMessage() + help;
        }
        var words = unmatched.getUnmatched();
        var first = words.get(0);
        if (unmatched.isUnknownOption()) {
            return failure.getMessage() + "." + suggestion(unmatched)
                    + (command.name().equals(DRAW) ? " A prompt that begins with - comes after --" : "")
                    + help;
        }
        if (command.name().equals(DRAW)) {
            var start = command.positionalParameters().get(0).<String>getValue();
            return "The prompt is one argument; put it in quotes: draw \"%s %s\"%s"
                    .formatted(start, String.join(" ", words), help);
        }
        if (!command.subcommands().isEmpty()) {
            var meant = first.contains(" ") && command.parent() == null
                    ? " Did you mean: draw \"" + first + "\"?"
                    : suggestion(unmatched);
            return "'%s' is not a command.%s%s".formatted(first, meant, help);
        }
        return "Unexpected: '%s'.%s".formatted(String.join(" ", words), help);
    }

    private static String suggestion(UnmatchedArgumentException unmatched) {
        List<String> known = unmatched.getSuggestions();
        return known.isEmpty() ? "" : " Did you mean: " + known.get(0) + "?";
    }
}
