package io.atelier.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtendedAttributesTests {

    @TempDir
    Path folder;

    @Test
    void acceptsASupportedFileSystemAndLeavesNoFiles() {
        ExtendedAttributes.require(folder);

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void refusesAnUnsupportedFileSystem() throws Exception {
        try (var zip = FileSystems.newFileSystem(folder.resolve("plain.zip"), Map.of("create", "true"))) {
            var root = zip.getPath("/");

            assertThatThrownBy(() -> ExtendedAttributes.require(root))
                    .isInstanceOf(EmbeddedServerFailed.class)
                    .hasMessageContaining("does not support extended attributes")
                    .hasMessageContaining("Choose a folder on a local disk");
            assertThat(root).isEmptyDirectory();
        }
    }
}
