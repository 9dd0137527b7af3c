package io.atelier.standalone.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemPartLockTests {

    @TempDir
    private Path folder;

    @Test
    void givesEachPartOfAFolderOnce() {
        var data = new DataFolder(folder.resolve("one")).create();
        var other = new DataFolder(folder.resolve("other")).create();

        assertThat(SystemPartLock.take(data, "broker")).isTrue();
        assertThat(SystemPartLock.take(data, "broker")).isFalse();
        assertThat(SystemPartLock.take(data, "store")).isTrue();
        assertThat(SystemPartLock.take(other, "broker")).isTrue();
    }
}
