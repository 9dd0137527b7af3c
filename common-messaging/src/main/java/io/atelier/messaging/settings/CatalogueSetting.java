package io.atelier.messaging.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.Environment;
import org.springframework.core.io.FileSystemResource;

/** The variable {@code ATELIER_CATALOGUE}, which names a file with the operator's own models. */
public final class CatalogueSetting {

    private static final String CATALOGUE = "ATELIER_CATALOGUE";
    private static final String FILE = "file:";

    private CatalogueSetting() {}

    /**
     * Checks the file, if there is one.
     *
     * @throws SettingRefused if it cannot be read
     */
    public static void check(Environment environment) {
        var location = environment.getProperty(CATALOGUE);
        if (location != null && !location.startsWith("optional:") && !location.startsWith("classpath:")) {
            check(location);
        }
    }

    private static void check(String location) {
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
