package io.atelier.standalone.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.avatarsample.AvatarSample;
import io.atelier.avatarsample.provider.ProviderScript;
import io.atelier.standalone.Atelier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample as a user runs it, but with the classes of this build in place of the jar. */
@Tag("processes")
class AvatarSampleIT {

    private static final Path PERSONA = Path.of("..", "avatar-sample", "persona.json");

    @TempDir
    private Path folder;

    @Test
    @DisplayName("The names of the old .env are all the settings, and the sample writes base, grid and four images")
    void sampleWritesSixImages() throws Exception {
        var output = folder.resolve("sample-output");
        var oldNames = Map.of(
                "S3_ENDPOINT", "http://127.0.0.1:1",
                "S3_ACCESS_KEY", "old-key",
                "S3_SECRET_KEY", "old-secret-key",
                "S3_BUCKET_NAME", "avatars");

        int status = new AvatarSample(List.of(command().toString()), oldNames)
                .run(PERSONA, output, ProviderScript.immediate().withSide(512), List.of());

        assertThat(status).isZero();
        assertThat(output.toFile().list())
                .containsExactlyInAnyOrder(
                        "base.png", "grid_0.png", "img_0.png", "img_1.png", "img_2.png", "img_3.png");
        assertThat(width(output, "base")).isEqualTo(512);
        assertThat(width(output, "grid_0")).isEqualTo(512);
        for (int i = 0; i < 4; i++) {
            assertThat(width(output, "img_" + i)).isEqualTo(246);
        }
    }

    private static int width(Path output, String name) throws IOException {
        return ImageIO.read(output.resolve(name + ".png").toFile()).getWidth();
    }

    /** A launcher that starts what it is asked for as this test was started. */
    private Path command() throws IOException {
        var command = folder.resolve("atelier");
        Files.writeString(command, """
            #!/bin/sh
            LC_ALL=C.UTF-8 CLASSPATH='%s' exec '%s' -XX:TieredStopAtLevel=1 -Dfile.encoding=UTF-8 -Datelier.launcher='%s' %s "$@"
            """.formatted(
                        System.getProperty("java.class.path"),
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        command,
                        Atelier.class.getName()));
        return Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwx------"));
    }
}
