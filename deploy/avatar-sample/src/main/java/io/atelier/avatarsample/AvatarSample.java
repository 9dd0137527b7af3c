package io.atelier.avatarsample;

import io.atelier.avatarsample.provider.ProviderEndpoint;
import io.atelier.avatarsample.provider.ProviderScript;
import io.atelier.avatarsample.provider.ScriptedProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Makes avatars with the command {@code atelier}, a system in a temporary data folder, and the scripted provider in place of OpenAI and Flowise. The
 * system has no settings but the names that the replaced service had in its {@code .env}.
 */
public final class AvatarSample {

    private final List<String> atelier;
    private final Map<String, String> settings;

    /**
     * @param atelier the command line of {@code atelier}, without a subcommand
     * @param settings further environment variables of the system, which replace those of the sample
     */
    public AvatarSample(List<String> atelier, Map<String, String> settings) {
        this.atelier = List.copyOf(atelier);
        this.settings = Map.copyOf(settings);
    }

    /** Runs the sample; see the usage of {@link SampleArguments}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Locale.setDefault(Locale.ROOT);
        try {
            var sample = SampleArguments.of(List.of(arguments));
            int status = new AvatarSample(List.of(sample.atelier()), Map.of())
                    .run(sample.persona(), sample.output(), sample.script(), sample.more());
            System.exit(status);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    /**
     * Makes the images of a persona.
     *
     * @param persona a file with the persona as JSON
     * @param output the folder for the images
     * @param more further options of {@code atelier avatar}
     * @return the exit code of {@code atelier avatar}
     */
    public int run(Path persona, Path output, ProviderScript script, List<String> more)
            throws IOException, InterruptedException {
        var data = Files.createTempDirectory("avatar-sample");
        try (var provider = ScriptedProvider.start(script)) {
            try {
                var command = new ArrayList<>(List.of("avatar", persona.toString(), "-o", output.toString()));
                command.addAll(more);
                int status = atelier(command, provider, data);
                for (var endpoint : ProviderEndpoint.values()) {
                    System.out.printf(
                            "The provider received %d %s.%n",
                            provider.calls(endpoint).size(), endpoint.name().toLowerCase(Locale.ROOT));
                }
                return status;
            } finally {
                atelier(List.of("down"), provider, data);
            }
        } finally {
            delete(data);
        }
    }

    private int atelier(List<String> arguments, ScriptedProvider provider, Path data)
            throws IOException, InterruptedException {
        var line = new ArrayList<>(atelier);
        line.addAll(arguments);
        var builder = new ProcessBuilder(line).inheritIO();
        builder.environment().remove("ATELIER_URL");
        builder.environment().putAll(environment(provider, data));
        var process = builder.start();
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            throw e;
        }
    }

    private Map<String, String> environment(ScriptedProvider provider, Path data) {
        var environment = new HashMap<String, String>();
        environment.put("ATELIER_DATA", data.toString());
        environment.put("ATELIER_HTTP_PORT", "0");
        environment.put("ATELIER_HAYHOOKS_PORT", "off");
        environment.put("ATELIER_INTEL_PORT", "off");
        environment.put("OPENAI_API_KEY", "the-scripted-provider-takes-any");
        environment.put("OPENAI_BASE_URL", provider.openAiUrl());
        environment.put("FLOWISE_URL", provider.flowiseUrl());
        environment.put("FLOWISE_FLOW", "avatar-prompts");
        environment.put("S3_BUCKET_NAME", "avatars");
        environment.putAll(settings);
        return environment;
    }

    private static void delete(Path folder) {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The data folder of the sample cannot be deleted: " + folder, e);
        }
    }
}
