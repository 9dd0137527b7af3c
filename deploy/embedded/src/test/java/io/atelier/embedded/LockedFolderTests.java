package io.atelier.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockedFolderTests {

    @TempDir
    Path parent;

    @Test
    void makesTheFolder() {
        try (var folder = LockedFolder.claim(parent.resolve("a/b"))) {
            assertThat(folder.path()).isDirectory();
        }
    }

    @Test
    void belongsToOneAtATime() {
        try (var first = LockedFolder.claim(parent)) {
            assertThatThrownBy(() -> LockedFolder.claim(parent))
                    .isInstanceOf(EmbeddedServerFailed.class)
                    .hasMessageContaining("Another process uses the folder " + first.path());
        }

        LockedFolder.claim(parent).close();
    }

    @Test
    void saysThatItCannotBeMade() throws Exception {
        var file = Files.createFile(parent.resolve("file"));

        assertThatThrownBy(() -> LockedFolder.claim(file.resolve("folder")))
                .isInstanceOf(EmbeddedServerFailed.class)
                .hasMessageStartingWith("Cannot write to the folder " + file.resolve("folder"));
    }
}
