package io.atelier.messaging.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class SettingEnvironmentTests {

    @TempDir
    private Path folder;

    @Test
    void anEmptyVariableIsNotSet() {
        var environment = new StandardEnvironment();
        var name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        environment
                .getPropertySources()
                .replace(
                        name,
                        new SystemEnvironmentPropertySource(name, Map.of("EMPTY", "", "BLANK", "  ", "SET", "x")));

        new SettingEnvironment().postProcessEnvironment(environment, new SpringApplication());

        assertThat(environment.resolvePlaceholders("${EMPTY:a} ${BLANK:b} ${SET:c}"))
                .isEqualTo("a b x");
    }

    @Test
    void refusesACatalogueThatCannotBeRead() throws IOException {
        var broken = Files.writeString(folder.resolve("broken.yml"), "models: [\nx: : y");
        var fine = Files.writeString(folder.resolve("fine.yml"), "io.atelier.catalogue.own: []");

        assertThatThrownBy(() -> check("file:" + folder.resolve("none.yml")))
                .isInstanceOf(SettingRefused.class)
                .hasMessageStartingWith("ATELIER_CATALOGUE is 'file:" + folder)
                .hasMessageEndingWith("it must be a file that this process can read.");
        assertThatThrownBy(() -> check("models.yml"))
                .hasMessageContaining("it must be file: and the path of a YAML file");
        assertThatThrownBy(() -> check("file:" + broken))
                .hasMessageContaining("it must be valid YAML")
                .message()
                .hasLineCount(1);
        check("file:" + fine);
        check("file://" + fine);
    }

    private static void check(String catalogue) {
        var environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("variables", Map.of("ATELIER_CATALOGUE", catalogue)));
        new SettingEnvironment().postProcessEnvironment(environment, new SpringApplication());
    }
}
