package io.atelier.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTests {

    @TempDir
    Path parent;

    @Test
    void createsTheFolder() {
        try (var folder = FolderLock.acquire(parent.resolve("a/b"))) {
            assertThat(folder.path()).isDirectory();
        }
    }

    @Test
    void isExclusive() {
        try (var first = FolderLock.acquire(parent)) {
            assertThatThrownBy(() -> FolderLock.acquire(parent))
                    .isInstanceOf(EmbeddedServerFailed.class)
                    .hasMessageContaining("Another process uses the folder " + first.path());
        }

        FolderLock.acquire(parent).close();
    }

    @Test
    void reportsAFolderThatCannotBeCreated() throws Exception {
        var file = Files.createFile(parent.resolve("file"));

        assertThatThrownBy(() -> FolderLock.acquire(file.resolve("folder")))
                .isInstanceOf(EmbeddedServerFailed.class)
                .hasMessageStartingWith("Cannot write to the folder " + file.resolve("folder"));
    }
}
