package io.atelier.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyPageReaderTests {

    @TempDir
    Path root;

    @Test
    void sortsKeysAcrossFolders() throws Exception {
        create("a/0", "a.png", "a-b", "b");

        assertThat(read("", 10)).containsExactly("jobs/a-b", "jobs/a.png", "jobs/a/0", "jobs/b");
    }

    @Test
    void continuesAfterAKeyWhetherItExistsOrNot() throws Exception {
        create("a/0", "a/2", "b/0", "c");

        assertThat(read("jobs/a/0", 2)).containsExactly("jobs/a/2", "jobs/b/0");
        assertThat(read("jobs/a/1", 2)).containsExactly("jobs/a/2", "jobs/b/0");
        assertThat(read("jobs/a/2", 2)).containsExactly("jobs/b/0", "jobs/c");
        assertThat(read("jobs/c", 2)).isEmpty();
    }

    @Test
    void stopsAtTheLimit() throws Exception {
        create("a/0", "a/1", "a/2", "b");

        assertThat(read("", 2)).containsExactly("jobs/a/0", "jobs/a/1");
    }

    @Test
    void skipsFilteredNames() throws Exception {
        create("a/hidden", "a/0");

        assertThat(read("", 1)).containsExactly("jobs/a/0");
    }

    @Test
    void isEmptyForAMissingFolder() throws Exception {
        assertThat(read("", 10)).isEmpty();
    }

    private List<String> read(String after, int limit) throws IOException {
        return new KeyPageReader(after, limit, name -> !name.equals("hidden")).read(root.resolve("jobs"), "jobs/");
    }

    private void create(String... names) throws IOException {
        for (var name : names) {
            var file = root.resolve("jobs").resolve(name);
            Files.createDirectories(file.getParent());
            Files.createFile(file);
        }
    }
}
