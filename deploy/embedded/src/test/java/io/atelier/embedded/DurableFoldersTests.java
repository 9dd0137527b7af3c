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

class DurableFoldersTests {

    @TempDir
    private Path root;

    private final List<String> synced = new ArrayList<>();
    private DurableFolders folders;

    @BeforeEach
    void recordsWhatTheDiskIsAsked() {
        folders = new DurableFolders(root, path -> {
            if (Files.notExists(path)) {
                return false;
            }
            synced.add("/" + root.relativize(path));
            return true;
        });
    }

    @Test
    void firstFileHasAllItsFoldersSynced() throws IOException {
        make("a/b/1", "a/b/2");

        folders.sync(root.resolve("a/b/1"), folders.removals());

        assertThat(synced).containsExactly("/a/b/1", "/a/b", "/a", "/");
    }

    @Test
    void nextFileHasOnlyItsOwnFolderSynced() throws IOException {
        make("a/b/1", "a/b/2");
        folders.sync(root.resolve("a/b/1"), folders.removals());
        synced.clear();

        folders.sync(root.resolve("a/b/2"), folders.removals());

        assertThat(synced).containsExactly("/a/b/2", "/a/b");
    }

    @Test
    void newFolderHasTheOneAboveItSynced() throws IOException {
        make("a/b/1", "a/c/d/1");
        folders.sync(root.resolve("a/b/1"), folders.removals());
        synced.clear();

        folders.sync(root.resolve("a/c/d/1"), folders.removals());

        assertThat(synced).containsExactly("/a/c/d/1", "/a/c/d", "/a/c", "/a");
    }

    @Test
    void nothingIsRememberedOverARemoval() throws IOException {
        make("a/b/1", "a/b/2");
        folders.sync(root.resolve("a/b/1"), folders.removals());
        folders.removing(() -> "another");
        synced.clear();

        folders.sync(root.resolve("a/b/2"), folders.removals());

        assertThat(synced).containsExactly("/a/b/2", "/a/b", "/a", "/");
    }

    @Test
    void nothingIsRememberedOfAFileThatWasMadeDuringARemoval() throws IOException {
        make("a/b/1", "a/b/2");
        long before = folders.removals();
        folders.removing(() -> {
            folders.sync(root.resolve("a/b/1"), folders.removals());
            return "another";
        });
        folders.sync(root.resolve("a/b/1"), before);
        synced.clear();

        folders.sync(root.resolve("a/b/2"), folders.removals());

        assertThat(synced).containsExactly("/a/b/2", "/a/b", "/a", "/");
    }

    @Test
    void deletedFileHasTheFoldersSyncedThatAreLeft() throws IOException {
        make("a/1");

        folders.sync(root.resolve("a/b/c/1"), folders.removals());

        assertThat(synced).containsExactly("/a", "/");
    }

    private void make(String... files) throws IOException {
        for (var file : files) {
            Files.createDirectories(root.resolve(file).getParent());
            Files.createFile(root.resolve(file));
        }
    }
}
