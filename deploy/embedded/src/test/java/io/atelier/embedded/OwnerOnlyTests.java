package io.atelier.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnerOnlyTests {

    @TempDir
    private Path folder;

    @Test
    void createsAFolderAndItsParents() throws IOException {
        OwnerOnly.create(folder.resolve("a/b"));

        assertThat(permissions(folder.resolve("a"))).isEqualTo("rwx------");
        assertThat(permissions(folder.resolve("a/b"))).isEqualTo("rwx------");
    }

    @Test
    void restrictsAllThatAnEarlierVersionCreatedAndFollowsNoLink() throws IOException {
        var part = folder.resolve("broker");
        Files.createDirectories(part.resolve("topic"));
        var segment = Files.createFile(part.resolve("topic/0.log"));
        var outside = Files.createFile(folder.resolve("outside"));
        Files.createSymbolicLink(part.resolve("link"), outside);
        for (var open : new Path[] {part, part.resolve("topic"), segment, outside}) {
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        }

        OwnerOnly.create(part);

        assertThat(permissions(part)).isEqualTo("rwx------");
        assertThat(permissions(part.resolve("topic"))).isEqualTo("rwx------");
        assertThat(permissions(segment)).isEqualTo("rwx------");
        assertThat(permissions(outside)).isEqualTo("rwxr-xr-x");
    }

    @Test
    void leavesFoldersThatExistAboveAsTheyAre() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));

        OwnerOnly.createMissing(folder);
        OwnerOnly.create(folder.resolve("part"));

        assertThat(permissions(folder)).isEqualTo("rwxr-xr-x");
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
