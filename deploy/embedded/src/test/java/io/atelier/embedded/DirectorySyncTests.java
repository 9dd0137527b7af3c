package io.atelier.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectorySyncTests {

    @TempDir
    private Path root;

    private final List<String> synced = new ArrayList<>();
    private DirectorySync directorySync;

    @BeforeEach
    void recordSyncedPaths() {
        directorySync = new DirectorySync(root, false, this::sync);
    }

    private boolean sync(Path path) {
        if (Files.notExists(path)) {
            return false;
        }
        synced.add("/" + root.relativize(path));
        return true;
    }

    @Test
    void syncsAllParentsOfTheFirstFile() throws IOException {
        create("a/b/1", "a/b/2");

        directorySync.sync(root.resolve("a/b/1"), directorySync.removals());

        assertThat(synced).containsExactly("/a/b/1", "/a/b", "/a", "/");
    }

    @Test
    void syncsOnlyTheFolderOfTheNextFile() throws IOException {
        create("a/b/1", "a/b/2");
        directorySync.sync(root.resolve("a/b/1"), directorySync.removals());
        synced.clear();

        directorySync.sync(root.resolve("a/b/2"), directorySync.removals());

        assertThat(synced).containsExactly("/a/b/2", "/a/b");
    }

    @Test
    void syncsTheParentOfANewFolder() throws IOException {
        create("a/b/1", "a/c/d/1");
        directorySync.sync(root.resolve("a/b/1"), directorySync.removals());
        synced.clear();

        directorySync.sync(root.resolve("a/c/d/1"), directorySync.removals());

        assertThat(synced).containsExactly("/a/c/d/1", "/a/c/d", "/a/c", "/a");
    }

    @Test
    void forgetsFoldersAfterARemoval() throws IOException {
        create("a/b/1", "a/b/2");
        directorySync.sync(root.resolve("a/b/1"), directorySync.removals());
        directorySync.whileRemoving(() -> "another");
        synced.clear();

        directorySync.sync(root.resolve("a/b/2"), directorySync.removals());

        assertThat(synced).containsExactly("/a/b/2", "/a/b", "/a", "/");
    }

    @Test
    void remembersNoFoldersDuringARemoval() throws IOException {
        create("a/b/1", "a/b/2");
        long before = directorySync.removals();
        directorySync.whileRemoving(() -> {
            directorySync.sync(root.resolve("a/b/1"), directorySync.removals());
            return "another";
        });
        directorySync.sync(root.resolve("a/b/1"), before);
        synced.clear();

        directorySync.sync(root.resolve("a/b/2"), directorySync.removals());

        assertThat(synced).containsExactly("/a/b/2", "/a/b", "/a", "/");
    }

    @Test
    void syncsTheRemainingParentsOfADeletedFile() throws IOException {
        create("a/1");

        directorySync.sync(root.resolve("a/b/c/1"), directorySync.removals());

        assertThat(synced).containsExactly("/a", "/");
    }

    @Test
    void syncsOnlyTheFileWhereTheOrderOfAllChangesIsKept() throws IOException {
        create("a/b/1");
        var ordered = new DirectorySync(root, true, this::sync);

        ordered.sync(root.resolve("a/b/1"), ordered.removals());

        assertThat(synced).containsExactly("/a/b/1");
    }

    @Test
    void syncsTheFirstRemainingFolderOfADeletedFileWhereTheOrderIsKept() throws IOException {
        create("a/1");
        var ordered = new DirectorySync(root, true, this::sync);

        ordered.sync(root.resolve("a/b/c/1"), ordered.removals());

        assertThat(synced).containsExactly("/a");
    }

    private void create(String... files) throws IOException {
        for (var file : files) {
            Files.createDirectories(root.resolve(file).getParent());
            Files.createFile(root.resolve(file));
        }
    }
}
