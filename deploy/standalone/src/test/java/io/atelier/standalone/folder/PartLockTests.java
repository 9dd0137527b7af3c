package io.atelier.standalone.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartLockTests {

    @TempDir
    private Path folder;

    @Test
    void givesEachPartOfAFolderOnce() {
        var data = new DataFolder(folder.resolve("one")).create();
        var other = new DataFolder(folder.resolve("other")).create();

        assertThat(PartLock.take(data, "broker")).isTrue();
        assertThat(PartLock.take(data, "broker")).isFalse();
        assertThat(PartLock.take(data, "store")).isTrue();
        assertThat(PartLock.take(other, "broker")).isTrue();
    }
}
