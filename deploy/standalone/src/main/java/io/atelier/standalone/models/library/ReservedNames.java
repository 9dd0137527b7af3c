package io.atelier.standalone.models.library;

import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.models.CatalogueProperties;
import io.atelier.gateway.view.models.Model;
import io.atelier.gateway.view.models.ModelRetirement;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.io.ClassPathResource;

/**
 * The names that a model of this machine cannot have, because requests for them get another model.
 *
 * @param catalogue the ids of the models that ship with Atelier, also of those that are not enabled or were shut down
 */
public record ReservedNames(Set<String> catalogue) {

    private static final String FILE = "catalogue.yml";

    public ReservedNames {
        catalogue = Set.copyOf(catalogue);
    }

    /** Those of this version. */
    public static ReservedNames read() {
        var sources = new MutablePropertySources();
        try {
            new YamlPropertySourceLoader()
                    .load(FILE, new ClassPathResource(FILE))
                    .forEach(sources::addLast);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var properties = new Binder(
                        ConfigurationPropertySources.from(sources), new PropertySourcesPlaceholdersResolver(sources))
                .bind("io.atelier.catalogue", CatalogueProperties.class)
                .get();
        return new ReservedNames(Stream.concat(
                        properties.models().stream().map(Model::id),
                        properties.retirements().stream().map(ModelRetirement::model))
                .collect(Collectors.toSet()));
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
        if (catalogue.contains(name)) {
            throw refused(
                    "The catalogue of Atelier has a model '%s', which requests for this name get.".formatted(name),
                    name,
                    models);
        }
    }

    private static CommandFailed refused(String reason, String name, ModelsFolder models) {
        var free = Stream.iterate("my-" + name, other -> "my-" + other)
                .filter(other -> !models.isTaken(other))
                .findFirst()
                .orElseThrow();
        return new CommandFailed(
                ExitCode.REFUSED, "%s Choose another name, such as --name %s.".formatted(reason, free));
    }
}
