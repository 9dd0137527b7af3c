package io.atelier.messaging.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.FileSystemResource;

/**
 * Prepares the environment of an application before its files of settings are read: takes empty variables out, and checks the file that
 * {@code ATELIER_CATALOGUE} names. Registered in {@code spring.factories}.
 */
final class SettingEnvironment implements EnvironmentPostProcessor, Ordered {

    private static final String CATALOGUE = "ATELIER_CATALOGUE";
    private static final String FILE = "file:";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        var name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        var sources = environment.getPropertySources();
        if (sources.get(name) instanceof SystemEnvironmentPropertySource all) {
            sources.replace(name, new SystemEnvironmentPropertySource(name, SettingVariables.set(all.getSource())));
        }
        var catalogue = environment.getProperty(CATALOGUE);
        if (catalogue != null) {
            checkCatalogue(catalogue);
        }
    }

    /** Before Spring Boot wraps the source of the variables, and before it reads the files. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 3;
    }

    private static void checkCatalogue(String location) {
        if (location.startsWith("optional:") || location.startsWith("classpath:")) {
            return;
        }
        if (!location.startsWith(FILE) || !location.matches(".*\\.ya?ml")) {
            throw refused(location, "must be file: and the path of a YAML file, such as file:/etc/atelier/models.yml");
        }
        var file = Path.of(location.substring(FILE.length()).replaceFirst("^//", ""));
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw refused(location, "must be a file that this process can read");
        }
        try {
            new YamlPropertySourceLoader().load(CATALOGUE, new FileSystemResource(file));
        } catch (IOException | RuntimeException e) {
            throw refused(
                    location,
                    "must be valid YAML: " + String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", " "));
        }
    }

    private static SettingRefused refused(String location, String rule) {
        return new SettingRefused("%s is '%s'; it %s.".formatted(CATALOGUE, location, rule));
    }
}
