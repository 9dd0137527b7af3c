package io.atelier.generator.engine.diffusion.pipeline.pocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.atelier.contract.job.Failure;
import io.atelier.generator.engine.GenerationFailed;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassPathModelTests {

    private static final String SHA_256_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    private Path classPath;

    @ParameterizedTest
    @ValueSource(strings = {"text_encoder", "tokenizer", "unet", "upsampler", "vocabulary"})
    void everyFileOfTheModelHasTheChecksumOfItsConfig(String component) {
        var folder = new ClassPathModel(getClass().getClassLoader(), "models/pocket");

        assertThat(folder.weights(component)).isNotEmpty();
    }

    @Test
    void networkIsDescribedWithoutItsWeights() throws IOException {
        write("model.onnx", "other than the checksum says");
        write("config.json", "{\"sha256\": \"%s\", \"parameters\": 3, \"dtype\": \"int8\"}".formatted(SHA_256_OF_ABC));
        try (var loader = new URLClassLoader(new URL[] {classPath.toUri().toURL()}, null)) {
            var component = new ClassPathModel(loader, "models/sample").describe("unet", "Net");

            assertThat(component.bytes()).isEqualTo(28);
            assertThat(component.parameters()).isEqualTo(3);
            assertThat(component.dtype()).isEqualTo("int8");
        }
    }

    @Test
    void missingNetworkIsNamedBeforeItIsLoaded() throws IOException {
        write("config.json", "{\"sha256\": \"" + SHA_256_OF_ABC + "\"}");
        try (var loader = new URLClassLoader(new URL[] {classPath.toUri().toURL()}, null)) {
            var model = new ClassPathModel(loader, "models/sample");

            assertThatExceptionOfType(GenerationFailed.class)
                    .isThrownBy(() -> model.describe("unet", "Net"))
                    .withMessageContaining("models/sample/unet/model.onnx is not on the class path");
        }
    }

    @Test
    void aFileWithTheRightChecksumIsReturned() throws IOException {
        write("model.onnx", "abc");
        write("config.json", "{\"sha256\": \"" + SHA_256_OF_ABC + "\", \"parameters\": 3}");

        assertThat(weights()).isEqualTo(new byte[] {'a', 'b', 'c'});
    }

    @Test
    void aResourceInAnotherFolderIsVerifiedToo() throws IOException {
        Files.writeString(classPath.resolve("resource.bin"), "abd");
        write("config.json", "{\"resource\": \"resource.bin\", \"sha256\": \"" + SHA_256_OF_ABC + "\"}");

        assertThatUnusable()
                .withMessageContaining("resource.bin")
                .withMessageContaining("expected SHA-256 " + SHA_256_OF_ABC);
    }

    @Test
    void aDamagedFileIsRejectedWithItsNameAndBothChecksums() throws IOException {
        write("model.onnx", "abd");
        write("config.json", "{\"sha256\": \"" + SHA_256_OF_ABC + "\"}");

        assertThatUnusable()
                .withMessageContaining("models/sample/unet/model.onnx")
                .withMessageContaining("expected SHA-256 " + SHA_256_OF_ABC)
                .withMessageContaining("found a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9");
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        write("config.json", "{\"sha256\": \"" + SHA_256_OF_ABC + "\"}");

        assertThatUnusable().withMessageContaining("models/sample/unet/model.onnx is not on the class path");
    }

    @Test
    void aConfigThatIsNotJsonIsNamed() throws IOException {
        write("config.json", "sha256: none");

        assertThatUnusable().withMessageContaining("models/sample/unet/config.json cannot be read");
    }

    private ThrowableAssertAlternative<GenerationFailed> assertThatUnusable() {
        return assertThatExceptionOfType(GenerationFailed.class)
                .isThrownBy(this::weights)
                .satisfies(e -> assertThat(e.failure().code()).isEqualTo(Failure.Code.NOT_CONFIGURED));
    }

    private byte[] weights() throws IOException {
        try (var loader = new URLClassLoader(new URL[] {classPath.toUri().toURL()}, null)) {
            return new ClassPathModel(loader, "models/sample").weights("unet");
        }
    }

    private void write(String file, String content) throws IOException {
        var folder = Files.createDirectories(classPath.resolve("models/sample/unet"));
        Files.writeString(folder.resolve(file), content);
    }
}
