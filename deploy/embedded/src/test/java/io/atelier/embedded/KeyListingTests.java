package io.atelier.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyListingTests {

    @TempDir
    Path root;

    @Test
    void keysComeInTheirOrderAndNotInThatOfTheFolders() throws Exception {
        keep("a/0", "a.png", "a-b", "b");

        assertThat(walk("", 10)).containsExactly("jobs/a-b", "jobs/a.png", "jobs/a/0", "jobs/b");
    }

    @Test
    void goesOnBehindAKeyWhetherItIsThereOrNot() throws Exception {
        keep("a/0", "a/2", "b/0", "c");

        assertThat(walk("jobs/a/0", 2)).containsExactly("jobs/a/2", "jobs/b/0");
        assertThat(walk("jobs/a/1", 2)).containsExactly("jobs/a/2", "jobs/b/0");
        assertThat(walk("jobs/a/2", 2)).containsExactly("jobs/b/0", "jobs/c");
        assertThat(walk("jobs/c", 2)).isEmpty();
    }

    @Test
    void stopsAtItsLimit() throws Exception {
        keep("a/0", "a/1", "a/2", "b");

        assertThat(walk("", 2)).containsExactly("jobs/a/0", "jobs/a/1");
    }

    @Test
    void passesOverWhatIsNotWanted() throws Exception {
        keep("a/hidden", "a/0");

        assertThat(walk("", 1)).containsExactly("jobs/a/0");
    }

    @Test
    void findsNothingInAFolderThatIsNotThere() throws Exception {
        assertThat(walk("", 10)).isEmpty();
    }

    private List<String> walk(String after, int limit) throws IOException {
        return new KeyListing(after, limit, name -> !name.equals("hidden")).keys(root.resolve("jobs"), "jobs/");
    }

    private void keep(String... names) throws IOException {
        for (var name : names) {
            var file = root.resolve("jobs").resolve(name);
            Files.createDirectories(file.getParent());
            Files.createFile(file);
        }
    }
}
