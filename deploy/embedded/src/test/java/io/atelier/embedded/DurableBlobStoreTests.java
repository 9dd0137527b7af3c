package io.atelier.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableBlobStoreTests {

    @TempDir
    Path root;

    @Test
    void sweepDeletesTemporaryFilesOfAKilledProcess() throws Exception {
        var folder = Files.createDirectories(root.resolve("bucket/jobs/2026"));
        var temporary = Files.createFile(folder.resolve("0.png-" + UUID.randomUUID()));

        assertThat(DurableBlobStore.sweep(root)).isOne();

        assertThat(temporary).doesNotExist();
    }

    @Test
    void sweepKeepsObjectsAndFolders() throws Exception {
        var folder = Files.createDirectories(root.resolve("bucket/jobs/task-" + UUID.randomUUID()));
        var image = Files.createFile(folder.resolve(UUID.randomUUID() + ".png"));
        var dashed = Files.createFile(folder.resolve("a-" + UUID.randomUUID() + ".png"));

        assertThat(DurableBlobStore.sweep(root)).isZero();

        assertThat(image).exists();
        assertThat(dashed).exists();
    }
}
