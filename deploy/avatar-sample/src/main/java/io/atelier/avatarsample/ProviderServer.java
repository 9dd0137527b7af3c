package io.atelier.avatarsample;

import io.atelier.avatarsample.provider.ProviderScript;
import io.atelier.avatarsample.provider.ScriptedProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;

/** The scripted provider alone, for programs that are not written in Java. It never outlives the program that started it. */
public final class ProviderServer {

    private static final String USAGE = """
            usage: ProviderServer [--prompt-delay SECONDS] [--base-delay SECONDS] [--grid-delay SECONDS] [--side PIXELS]
            Prints the address of the provider in one line, and ends with its standard input.
            """ + ScriptOptions.USAGE;

    private ProviderServer() {}

    /** Runs the provider; see the usage. */
    public static void main(String[] arguments) throws IOException {
        Locale.setDefault(Locale.ROOT);
        ProviderScript script;
        try {
            script = script(List.of(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + System.lineSeparator() + USAGE);
            System.exit(2);
            return;
        }
        try (var provider = ScriptedProvider.start(script)) {
            System.out.println(provider.flowiseUrl());
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }

    /**
     * The script that the arguments describe.
     *
     * @throws IllegalArgumentException if they are wrong
     */
    static ProviderScript script(List<String> arguments) {
        var script = ProviderScript.immediate();
        for (int i = 0; i < arguments.size(); i += 2) {
            var name = arguments.get(i);
            if (!ScriptOptions.isOption(name)) {
                throw new IllegalArgumentException("%s is no option.".formatted(name));
            }
            if (i + 1 == arguments.size()) {
                throw new IllegalArgumentException("%s needs a value.".formatted(name));
            }
            script = ScriptOptions.apply(script, name, arguments.get(i + 1));
        }
        return script;
    }
}
