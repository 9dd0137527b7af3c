package io.atelier.standalone.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3KeysTests {

    @TempDir
    private Path folder;

    private DataFolder data;

    @BeforeEach
    void createFolder() {
        data = new DataFolder(folder).create();
    }

    @Test
    void areCreatedOnce() {
        var created = S3Keys.of(data);

        assertThat(created.accessKey()).hasSizeGreaterThanOrEqualTo(16);
        assertThat(created.secretKey()).hasSizeGreaterThanOrEqualTo(32);
        assertThat(S3Keys.of(data)).isEqualTo(created);
    }

    @Test
    void areTheSameForConcurrentCallers() {
        var keys =
                IntStream.range(0, 16).parallel().mapToObj(i -> S3Keys.of(data)).distinct();

        assertThat(keys).hasSize(1);
    }

    @Test
    void areReadableByTheOwnerOnly() throws IOException {
        S3Keys.of(data);

        assertThat(Files.getPosixFilePermissions(data.keys())).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void replaceAPartialFile() throws IOException {
        Files.writeString(data.keys(), "access-key=abc\n");

        var created = S3Keys.of(data);

        assertThat(created.accessKey()).isNotEqualTo("abc");
        assertThat(S3Keys.of(data)).isEqualTo(created);
    }

    @Test
    void doNotShowTheSecretInTheirText() {
        var created = S3Keys.of(data);

        assertThat(created.toString()).contains(created.accessKey()).doesNotContain(created.secretKey());
    }
}
