package io.atelier.standalone.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemPartLockTests {

    @TempDir
    private Path folder;

    @Test
    void isHeldOncePerFolderAndPart() {
        var data = new DataFolder(folder.resolve("one")).create();
        var other = new DataFolder(folder.resolve("other")).create();

        assertThat(SystemPartLock.tryAcquire(data, "broker")).isTrue();
        assertThat(SystemPartLock.tryAcquire(data, "broker")).isFalse();
        assertThat(SystemPartLock.tryAcquire(data, "store")).isTrue();
        assertThat(SystemPartLock.tryAcquire(other, "broker")).isTrue();
    }
}
