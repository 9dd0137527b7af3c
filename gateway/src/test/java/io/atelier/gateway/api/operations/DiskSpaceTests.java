package io.atelier.gateway.api.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class DiskSpaceTests {

    private final AtomicLong free = new AtomicLong();

    @Test
    void refusesBelowTheFloorOnly() {
        var disk = disk("256MB");

        measure(disk, 256L << 20);
        assertThatCode(disk::requireSpace).doesNotThrowAnyException();

        measure(disk, (256L << 20) - 1);
        assertThatThrownBy(disk::requireSpace)
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.kind()).isEqualTo(ProblemKind.INSUFFICIENT_STORAGE));
    }

    @Test
    void acceptsAgainWhenATenthMoreIsFree() {
        var disk = disk("100MB");
        measure(disk, 1);
        measure(disk, 105L << 20);
        assertThat(disk.isLow()).isTrue();

        measure(disk, 111L << 20);
        assertThat(disk.isLow()).isFalse();
    }

    @Test
    void aFloorOfZeroBytesRefusesNothing() {
        var disk = disk("0B");
        measure(disk, 0);

        assertThat(disk.isLow()).isFalse();
    }

    @Test
    void aDiskThatCannotBeMeasuredCountsAsBefore() {
        var disk = new DiskSpace(new DiskProperties(Path.of("."), DataSize.ofMegabytes(1)), folder -> {
            if (free.get() < 0) {
                throw new IOException("no such device");
            }
            return free.get();
        });
        measure(disk, 1);
        measure(disk, -1);

        assertThat(disk.isLow()).isTrue();
    }

    @Test
    void measuresTheDiskOfAFolderThatIsNotThereYet(@TempDir Path folder) throws IOException {
        assertThat(FreeSpace.ofFileSystem().bytes(folder.resolve("a/b"))).isPositive();
    }

    @Test
    void aNegativeFloorIsRefused() {
        assertThatThrownBy(() -> new DiskProperties(Path.of("."), DataSize.ofBytes(-1)))
                .hasMessageContaining("io.atelier.disk.min-free is -1B; it must be 0B or more, such as 256MB");
    }

    private DiskSpace disk(String floor) {
        return new DiskSpace(new DiskProperties(Path.of("."), DataSize.parse(floor)), folder -> free.get());
    }

    private void measure(DiskSpace disk, long bytes) {
        free.set(bytes);
        disk.measure();
    }
}
