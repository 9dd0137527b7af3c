package io.atelier.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.standalone.folder.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class AtelierSystemTests {

    @TempDir
    private Path folder;

    /** The gateway would wait for the broker for five minutes. */
    @Test
    @Timeout(value = 90, unit = TimeUnit.SECONDS)
    void aPartThatDoesNotStartEndsTheStartOfTheOthers() throws IOException {
        var data = new DataFolder(folder).create();
        Files.deleteIfExists(data.broker());
        Files.writeString(data.broker(), "a file where the broker needs a folder");
        var plan = SystemPlan.of(
                Set.of(SystemPart.BROKER, SystemPart.GATEWAY),
                data,
                Map.of("ATELIER_HTTP_PORT", "0", "ATELIER_HAYHOOKS_PORT", "off", "ATELIER_INTEL_PORT", "off"));

        try (var system = new AtelierSystem(plan)) {
            assertThatThrownBy(system::start).isInstanceOf(StartFailed.class).hasMessageContaining("broker");
        }
        assertThat(data.broker()).isRegularFile();
    }
}
