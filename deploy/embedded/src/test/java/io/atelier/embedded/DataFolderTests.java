package io.atelier.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTests {

    @TempDir
    Path parent;

    @Test
    void makesTheFolder() {
        try (var folder = DataFolder.claim(parent.resolve("a/b"))) {
            assertThat(folder.path()).isDirectory();
        }
    }

    @Test
    void belongsToOneAtATime() {
        try (var first = DataFolder.claim(parent)) {
            assertThatThrownBy(() -> DataFolder.claim(parent))
                    .isInstanceOf(EmbeddedServerFailed.class)
                    .hasMessageContaining("Another process uses the folder " + first.path());
        }

        DataFolder.claim(parent).close();
    }

    @Test
    void saysThatItCannotBeMade() throws Exception {
        var file = Files.createFile(parent.resolve("file"));

        assertThatThrownBy(() -> DataFolder.claim(file.resolve("folder")))
                .isInstanceOf(EmbeddedServerFailed.class)
                .hasMessageStartingWith("Cannot write to the folder " + file.resolve("folder"));
    }
}
