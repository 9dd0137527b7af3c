package io.atelier.avatarsample;

import io.atelier.avatarsample.provider.ProviderEndpoint;
import io.atelier.avatarsample.provider.ProviderScript;
import java.time.Duration;
import java.util.Map;

/** The options of commands that start the scripted provider. */
final class ScriptOptions {

    static final String USAGE = """
              --*-delay     how long the scripted provider takes for a prompt, a base or a grid, such as 2 or 0.5; default: 0
              --side        of its images, in pixels: a multiple of 64, 64 to 2048; default: 1024\
            """;

    private static final String SIDE = "--side";
    private static final Map<String, ProviderEndpoint> DELAYS = Map.of(
            "--prompt-delay", ProviderEndpoint.PREDICTIONS,
            "--base-delay", ProviderEndpoint.GENERATIONS,
            "--grid-delay", ProviderEndpoint.EDITS);

    private ScriptOptions() {}

    /** Whether an argument is the name of such an option, whose value follows. */
    static boolean isOption(String name) {
        return name.equals(SIDE) || DELAYS.containsKey(name);
    }

    /**
     * The script with the value of an option.
     *
     * @throws IllegalArgumentException if it is wrong
     */
    static ProviderScript apply(ProviderScript script, String name, String value) {
        var endpoint = DELAYS.get(name);
        return endpoint == null ? script.withSide(pixels(value)) : script.withDelay(endpoint, seconds(name, value));
    }

    private static int pixels(String value) {
        if (!value.matches("\\d{1,4}")) {
            throw new IllegalArgumentException(
                    "%s is '%s', and must be a number of pixels, such as 1024.".formatted(SIDE, value));
        }
        return Integer.parseInt(value);
    }

    private static Duration seconds(String name, String value) {
        if (!value.matches("\\d{1,4}(\\.\\d{1,3})?")) {
            throw new IllegalArgumentException(
                    "%s is '%s', and must be a number of seconds, such as 2 or 0.5.".formatted(name, value));
        }
        return Duration.parse("PT" + value + "S");
    }
}
