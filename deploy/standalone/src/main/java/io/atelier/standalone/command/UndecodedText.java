package io.atelier.standalone.command;

import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Finds arguments and settings that the JVM decoded to another text than was given, so that they are refused instead of used. */
public final class UndecodedText {

    /** What the JVM decodes bytes to that are no text in its encoding. */
    private static final String REPLACEMENT = "\uFFFD";

    private static final int LAST_ASCII = 127;
    private static final String SETTINGS = "ATELIER_";

    private UndecodedText() {}

    /**
     * The refusal of the first argument or setting that was not decoded exactly; empty if all were.
     *
     * @param encoding the encoding of the arguments; no option of the JVM changes it, only the locale of the environment
     */
    public static Optional<CommandFailed> find(String[] arguments, Map<String, String> environment, String encoding) {
        if (!StandardCharsets.UTF_8.name().equals(encoding)
                && Arrays.stream(arguments)
                        .anyMatch(argument -> argument.chars().anyMatch(letter -> letter > LAST_ASCII))) {
            return refused(
                    ("The arguments have letters that this process cannot read, because it was started with the encoding"
                                    + " %s. Start it with the launcher ./atelier, or with LC_ALL=C.UTF-8.")
                            .formatted(encoding));
        }
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].contains(REPLACEMENT)) {
                return refused(
                        ("Argument %d is not text in UTF-8: '%s'. Convert it to UTF-8; a prompt that contains U+FFFD itself"
                                        + " can be sent on standard input (draw -).")
                                .formatted(i + 1, arguments[i]));
            }
        }
        // The value is not repeated: it may be a secret.
        return new TreeMap<>(environment)
                .entrySet().stream()
                        .filter(setting -> setting.getKey().startsWith(SETTINGS)
                                && setting.getValue().contains(REPLACEMENT))
                        .findFirst()
                        .flatMap(setting ->
                                refused(setting.getKey() + " is not text in UTF-8; convert its value to UTF-8."));
    }

    private static Optional<CommandFailed> refused(String message) {
        return Optional.of(new CommandFailed(ExitCode.REFUSED, message, Map.of("code", "usage")));
    }
}
