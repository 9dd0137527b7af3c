package io.atelier.standalone.models.library;

import io.atelier.gateway.view.models.Catalogue;
import io.atelier.messaging.settings.CatalogueSetting;
import io.atelier.messaging.settings.SettingRefused;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * The names that a model of this machine cannot have, because requests for them get another model.
 *
 * @param shipped the ids of the models that ship with Atelier, also of those that are not enabled or were shut down
 * @param own the ids of the operator's own models
 */
public record ReservedNames(Set<String> shipped, Set<String> own) {

    private static final String CATALOGUE = "io.atelier.catalogue";

    public ReservedNames {
        shipped = Set.copyOf(shipped);
        own = Set.copyOf(own);
    }

    /**
     * Those of a gateway with these settings.
     *
     * @param settings the environment variables
     * @throws CommandFailed if they name a catalogue that cannot be read
     */
    public static ReservedNames read(Map<String, String> settings) {
        try {
            var names = Binder.get(gatewayEnvironment(settings))
                    .bind(CATALOGUE, CatalogueNames.class)
                    .get();
            return new ReservedNames(
                    Stream.concat(
                                    names.models().stream().map(Described::id),
                                    names.retirements().stream().map(Retired::model))
                            .collect(Collectors.toSet()),
                    names.own().stream().map(Described::id).collect(Collectors.toSet()));
        } catch (SettingRefused e) {
            throw new CommandFailed(ExitCode.REFUSED, e.getMessage());
        }
    }

    /**
     * Checks the name of a model that is to be added.
     *
     * @throws CommandFailed if requests for it get another model
     */
    public void requireFree(String name, ModelsFolder models) {
        if (name.equals(Catalogue.AUTO)) {
            throw refused("'auto' in a request stands for the standard model.", name, models);
        }
        if (own.contains(name)) {
            throw refused(
                    "Your own catalogue has a model '%s', which requests for this name get.".formatted(name),
                    name,
                    models);
        }
        if (shipped.contains(name)) {
            throw refused(
                    "The catalogue of Atelier has a model '%s', which requests for this name get.".formatted(name),
                    name,
                    models);
        }
    }

    private CommandFailed refused(String reason, String name, ModelsFolder models) {
        var free = Stream.iterate("my-" + name, other -> "my-" + other)
                .filter(other -> !models.isTaken(other) && !own.contains(other) && !shipped.contains(other))
                .findFirst()
                .orElseThrow();
        return new CommandFailed(
                ExitCode.REFUSED, "%s Choose another name, such as --name %s.".formatted(reason, free));
    }

    /** Reads the files of settings as the gateway does. */
    private static ConfigurableEnvironment gatewayEnvironment(Map<String, String> settings) {
        var environment = new StandardEnvironment();
        var variables = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        environment
                .getPropertySources()
                .replace(variables, new SystemEnvironmentPropertySource(variables, Map.copyOf(settings)));
        environment
                .getPropertySources()
                .addLast(new MapPropertySource("gateway", Map.of("spring.config.name", "gateway")));
        CatalogueSetting.check(environment);
        ConfigDataEnvironmentPostProcessor.applyTo(environment);
        return environment;
    }

    /** What of the settings of the catalogue is a name. */
    record CatalogueNames(
            @DefaultValue List<Described> models,
            @DefaultValue List<Described> own,
            @DefaultValue List<Retired> retirements) {}

    record Described(@DefaultValue("") String id) {}

    record Retired(@DefaultValue("") String model) {}
}
