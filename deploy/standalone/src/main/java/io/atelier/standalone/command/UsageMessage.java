package io.atelier.standalone.command;

import java.util.Comparator;
import java.util.stream.IntStream;
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
            var options = words.stream().filter(word -> word.startsWith("-")).toList();
            return "Unknown %s: '%s'."
                            .formatted(options.size() == 1 ? "option" : "options", String.join("', '", options))
                    + suggestion(unmatched)
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
        var word = unmatched.getUnmatched().get(0);
        return unmatched.getSuggestions().stream()
                .filter(known -> isSimilar(word, known))
                .min(Comparator.comparingInt(known -> editDistance(word, known)))
                .map(known -> " Did you mean: " + known + "?")
                .orElse("");
    }

    /** Picocli suggests every name that shares two letters: 'delete' for 'frobnicate'. */
    private static boolean isSimilar(String word, String known) {
        int letters = Math.max(word.length(), known.length());
        return known.startsWith(word) || editDistance(word, known) <= Math.max(1, letters / 3);
    }

    /** The Levenshtein distance: how many letters must be added, removed or replaced. */
    private static int editDistance(String from, String to) {
        int[] row = IntStream.rangeClosed(0, to.length()).toArray();
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
