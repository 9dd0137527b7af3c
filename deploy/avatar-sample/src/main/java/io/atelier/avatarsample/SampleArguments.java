package io.atelier.avatarsample;

import io.atelier.avatarsample.provider.ProviderScript;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The arguments of the sample.
 *
 * @param atelier the command
 * @param persona a file with the persona as JSON
 * @param output the folder for the images
 * @param script how the provider behaves
 * @param more further options of {@code atelier avatar}
 */
record SampleArguments(String atelier, Path persona, Path output, ProviderScript script, List<String> more) {

    private static final String USAGE = """
            usage: AvatarSample ATELIER PERSONA.json [-o DIR] [--prompt-delay SECONDS] [--base-delay SECONDS] [--grid-delay SECONDS] [--side PIXELS] [OPTION...]
              ATELIER       the command ./atelier
              -o            the folder for the images; default: sample-output
            """ + ScriptOptions.USAGE + """

              OPTION        options of ./atelier avatar, such as --images 8\
            """;

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
            if (ScriptOptions.isOption(name)) {
                script = applied(script, name, value(arguments, ++i));
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

    private static ProviderScript applied(ProviderScript script, String name, String value) {
        try {
            return ScriptOptions.apply(script, name, value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage() + System.lineSeparator() + USAGE, e);
        }
    }
}
