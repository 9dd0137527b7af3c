package io.atelier.image.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each run has a new seed, which it prints. {@code ATELIER_FUZZ_FILES} and {@code ATELIER_FUZZ_SEED} set the number of files and the seed. */
class HostileFilesTests {

    private static final String HEAP = "-Xmx160m";

    @DisplayName("No file hangs the decoder, exhausts 160 MB of heap, or gets wrong pixels")
    @Test
    void everyFileIsDecodedExactlyOrRefused(@TempDir Path folder) throws Exception {
        var files = Objects.requireNonNullElse(System.getenv("ATELIER_FUZZ_FILES"), "5000");
        var seed = Objects.requireNonNullElseGet(
                System.getenv("ATELIER_FUZZ_SEED"), () -> Integer.toString(new Random().nextInt(1_000_000)));
        var output = folder.resolve("output").toFile();
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = new ProcessBuilder(
                        java,
                        HEAP,
                        "-XX:+UseSerialGC",
                        "-Djava.awt.headless=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DecoderFuzz.class.getName(),
                        seed,
                        files)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(output));

        var process = command.start();
        try {
            assertThat(process.waitFor(220, TimeUnit.SECONDS)).as("ends").isTrue();
        } finally {
            process.destroyForcibly();
        }

        var text = text(output);
        System.out.println(text.strip());
        assertThat(process.exitValue()).as(text).isZero();
    }

    private static String text(File file) throws Exception {
        return Files.readString(file.toPath(), StandardCharsets.UTF_8);
    }
}
