package io.atelier.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** A system that the launcher starts only to archive the classes of a start. */
@Tag("processes")
class UntilReadyIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path folder;

    @Test
    void itStopsByItselfWhenItIsReadyAndItsLogIsJsonIfThatIsSet() throws IOException {
        var data = folder.resolve("data");
        var settings = new HashMap<>(FreePorts.find().settings(data, 1));
        settings.put("LOGGING_STRUCTURED_FORMAT_FILE", "ecs");
        try (var system = AtelierProcess.up("until-ready", "store", settings, "--until-ready")) {
            int status = system.awaitEnd();

            assertThat(system.output()).contains("Stopped.");
            assertThat(status).isZero();
        }
        assertThat(Files.readAllLines(data.resolve("logs/store.log")).stream()
                        .map(JSON::readTree)
                        .map(line -> line.path("message").asString()))
                .anyMatch(message -> message.startsWith("Started the store in "));
    }
}
