package io.atelier.avatarsample;

import io.atelier.avatarsample.provider.ProviderEndpoint;
import io.atelier.avatarsample.provider.ProviderScript;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The arguments of the sample.
 *
 * @param atelier the command
 * @param persona a file with the persona as JSON
 * @param output the folder for the images
 * @param script with the delays of the provider
 * @param more further options of {@code atelier avatar}
 */
record SampleArguments(String atelier, Path persona, Path output, ProviderScript script, List<String> more) {

    private static final String USAGE = """
            usage: AvatarSample ATELIER PERSONA.json [-o DIR] [--prompt-delay SECONDS] [--base-delay SECONDS] [--grid-delay SECONDS] [OPTION...]
              ATELIER       the command ./atelier
              -o            the folder for the images; default: sample-output
              --*-delay     how long the scripted provider takes, such as 2 or 0.5; default: 0
              OPTION        options of ./atelier avatar, such as --images 8\
            """;

    private static final Map<String, ProviderEndpoint> DELAYS = Map.of(
            "--prompt-delay", ProviderEndpoint.PREDICTIONS,
            "--base-delay", ProviderEndpoint.GENERATIONS,
            "--grid-delay", ProviderEndpoint.EDITS);

    SampleArguments {
        more = List.copyOf(more);
    }

    /**
     * Reads the arguments.
     *
     * @throws IllegalArgumentException with the usage, if they are wrong
     */
    static SampleArguments of(List<String> arguments) {
        if (arguments.size() < 2) {
            throw new IllegalArgumentException(USAGE);
        }
        var output = Path.of("sample-output");
        var script = ProviderScript.immediate();
        var more = new ArrayList<String>();
        for (int i = 2; i < arguments.size(); i++) {
            var name = arguments.get(i);
            var endpoint = DELAYS.get(name);
            if (endpoint != null) {
                script = script.withDelay(endpoint, seconds(name, value(arguments, ++i)));
            } else if (name.equals("-o")) {
                output = Path.of(value(arguments, ++i));
            } else {
                more.add(name);
            }
        }
        return new SampleArguments(arguments.get(0), Path.of(arguments.get(1)), output, script, more);
    }

    private static String value(List<String> arguments, int at) {
        if (at >= arguments.size()) {
            throw new IllegalArgumentException("%s needs a value.%n%s".formatted(arguments.get(at - 1), USAGE));
        }
        return arguments.get(at);
    }

    private static Duration seconds(String name, String value) {
        if (!value.matches("\\d{1,4}(\\.\\d{1,3})?")) {
            throw new IllegalArgumentException(
                    "%s is '%s', and must be a number of seconds, such as 2 or 0.5.%n%s".formatted(name, value, USAGE));
        }
        return Duration.parse("PT" + value + "S");
    }
}
