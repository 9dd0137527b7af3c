package io.atelier.standalone.models.library;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.standalone.console.CommandFailed;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class HostResourcesTests {

    private final HostResources host = new HostResources(16_000_000_000L, 10_000_000_000L);

    @Test
    void modelThatNeedsAllTheMemoryFits() {
        assertThatCode(() -> host.requireMemory(16_000_000_000L, "")).doesNotThrowAnyException();
        assertThatThrownBy(() -> host.requireMemory(16_400_000_000L, ", because it is large"))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining(
                        "needs about 16 GB of memory, because it is large, and this machine has 16 GB. Choose a"
                                + " smaller model")
                .hasMessageContaining("--force");
    }

    @Test
    void diskKeepsSomeSpaceForTheSystem() {
        assertThatCode(() -> host.requireDisk(9_900_000_000L, Path.of("models")))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> host.requireDisk(9_990_000_000L, Path.of("models")))
                .hasMessageContaining("10 GB on the disk of models, and 10 GB are free there")
                .hasMessageContaining("ATELIER_MODELS");
    }
}
