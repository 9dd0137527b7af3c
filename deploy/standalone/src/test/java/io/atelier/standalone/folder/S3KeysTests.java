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
    void opensTheFolder() {
        data = new DataFolder(folder).create();
    }

    @Test
    void makesThemOnce() {
        var made = S3Keys.of(data);

        assertThat(made.accessKey()).hasSizeGreaterThanOrEqualTo(16);
        assertThat(made.secretKey()).hasSizeGreaterThanOrEqualTo(32);
        assertThat(S3Keys.of(data)).isEqualTo(made);
    }

    @Test
    void agreesWhenManyAskAtOnce() {
        var keys =
                IntStream.range(0, 16).parallel().mapToObj(i -> S3Keys.of(data)).distinct();

        assertThat(keys).hasSize(1);
    }

    @Test
    void showsThemToTheOwnerOnly() throws IOException {
        S3Keys.of(data);

        assertThat(Files.getPosixFilePermissions(data.keys())).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void replacesHalfWrittenOnes() throws IOException {
        Files.writeString(data.keys(), "access-key=abc\n");

        var made = S3Keys.of(data);

        assertThat(made.accessKey()).isNotEqualTo("abc");
        assertThat(S3Keys.of(data)).isEqualTo(made);
    }

    @Test
    void keepsTheSecretOutOfItsText() {
        var made = S3Keys.of(data);

        assertThat(made.toString()).contains(made.accessKey()).doesNotContain(made.secretKey());
    }
}
