package io.atelier.generator.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationFailed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InferenceDeviceTests {

    @ParameterizedTest
    @CsvSource({
        "cpu, CPU, cpu, cpu",
        "CUDA, CUDA, cuda:0, gpu",
        "cuda:1, CUDA, cuda:1, gpu.1",
        "tensorrt:0, TENSORRT, tensorrt:0, gpu",
        "openvino, OPENVINO, openvino, cpu",
        "directml:2, DIRECTML, directml:2, gpu.2"
    })
    void namesAreRead(String text, DeviceKind kind, String name, String announced) {
        var device = InferenceDevice.parse(text).orElseThrow();

        assertThat(device.kind()).isEqualTo(kind);
        assertThat(device.name()).isEqualTo(name);
        assertThat(device.announced()).isEqualTo(announced);
    }

    @DisplayName("What is freed after an evaluation: the memory of a card too, where ONNX Runtime holds it")
    @ParameterizedTest
    @CsvSource({
        "cpu,         cpu:0",
        "cuda:0,      cpu:0;gpu:0",
        "cuda:3,      cpu:0;gpu:3",
        "tensorrt:1,  cpu:0;gpu:1",
        "openvino,    cpu:0",
        "coreml,      cpu:0",
        "directml:1,  cpu:0"
    })
    void arenasAreThoseOfTheDevice(String text, String arenas) {
        assertThat(InferenceDevice.parse(text).orElseThrow().arenas()).isEqualTo(arenas);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "auto", "gpu", "cuda:", "cuda:-1", "cuda:100", "cpu:1", "openvino:1", "cuda 0"})
    void otherNamesAreUnknown(String text) {
        assertThat(InferenceDevice.parse(text)).isEmpty();
    }

    @DisplayName(
            "The library that ships knows the processor only, so that is what auto means, and other devices say what"
                    + " to install")
    @Test
    void missingDeviceSaysWhatToInstall() {
        assertThat(InferenceDevice.kinds()).contains(DeviceKind.CPU).doesNotContain(DeviceKind.CUDA);
        InferenceDevice.CPU.require();

        assertThatExceptionOfType(GenerationFailed.class)
                .isThrownBy(() -> new InferenceDevice(DeviceKind.CUDA, 1).require())
                .satisfies(failed -> {
                    assertThat(failed.failure().code()).isEqualTo(Code.NOT_CONFIGURED);
                    assertThat(failed.failure().message())
                            .startsWith("The device cuda:1 cannot be used: this ONNX Runtime was built for cpu only.")
                            .contains("onnxruntime_gpu 1.28.0", "CUDA 12", "cuDNN 9");
                });
    }

    @Test
    void sessionOnAMissingDeviceSaysWhatToInstall() {
        var factory = SessionFactory.on(new InferenceDevice(DeviceKind.CUDA, 0), 1);
        var proof = DeviceProof.class.getResource("matrix-product.onnx");

        assertThat(proof).isNotNull();
        assertThatExceptionOfType(GenerationFailed.class)
                .isThrownBy(() -> factory.load(Path.of(proof.toURI())))
                .satisfies(failed -> assertThat(failed.failure().message()).contains("cuda:0", "onnxruntime_gpu"));
    }

    @Test
    void folderWithoutLibrariesIsRefused(@TempDir Path folder) {
        assertThatExceptionOfType(GenerationFailed.class)
                .isThrownBy(() -> OnnxRuntimeLibrary.use(folder))
                .satisfies(failed -> assertThat(failed.failure().message())
                        .contains("ATELIER_ONNXRUNTIME_FOLDER", folder.toString(), OnnxRuntimeLibrary.VERSION));
    }

    @DisplayName("The version in messages is that of the library on the class path")
    @Test
    void versionIsThatOfTheLibrary() {
        assertThat(OnnxSession.environment().getVersion()).isEqualTo(OnnxRuntimeLibrary.VERSION);
    }

    @Test
    void pluginThatIsNoneIsRefused(@TempDir Path folder) throws Exception {
        var library = Files.writeString(folder.resolve("plugin.so"), "no library");

        for (var file : List.of(folder.resolve("missing.so"), library)) {
            assertThatExceptionOfType(GenerationFailed.class)
                    .isThrownBy(() -> OpenVinoPlugin.register(file))
                    .satisfies(failed -> assertThat(failed.failure().message())
                            .contains("onnxruntime-ep-openvino", "ATELIER_OPENVINO_LIBRARY"));
        }
        assertThat(InferenceDevice.kinds()).doesNotContain(DeviceKind.OPENVINO);
    }

    @Test
    void processorComputes() {
        var proof = DeviceProof.on(InferenceDevice.CPU, 1, Duration.ofMillis(50));

        assertThat(proof.billionsPerSecond()).isPositive();
    }
}
