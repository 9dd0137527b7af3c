package io.atelier.generator.engine.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.onnx.InferenceDevice;
import io.atelier.messaging.settings.SettingRefused;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceSettingTests {

    private final DeviceSetting allWork = new DeviceSetting(device -> {});

    @Test
    void devicesKeepTheirOrder() {
        var devices = allWork.read(List.of("cuda:1", " cuda ", "cpu"));

        assertThat(devices.announced()).containsExactly("gpu.1", "gpu", "cpu");
        assertThat(devices.count()).isEqualTo(3);
    }

    @DisplayName("The library that ships knows the processor only, so that is what auto and an empty setting mean")
    @ParameterizedTest
    @ValueSource(strings = {"auto", ""})
    void autoIsTheProcessorWithoutACard(String name) {
        assertThat(allWork.read(List.of(name)).all()).containsExactly(InferenceDevice.CPU);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpu", "cuda:x", "auto,cpu"})
    void unknownNamesAreRefused(String names) {
        assertThatExceptionOfType(SettingRefused.class)
                .isThrownBy(() -> allWork.read(List.of(names.split(","))))
                .withMessageContaining("io.atelier.generator.models.devices contains '")
                .withMessageContaining(
                        "it must be auto alone, or a list of cpu, cuda:N, tensorrt:N, openvino, coreml, directml:N");
    }

    @DisplayName("A card can be used by CUDA or by TensorRT, not by both")
    @Test
    void deviceThatIsNamedTwiceIsRefused() {
        assertThatExceptionOfType(SettingRefused.class)
                .isThrownBy(() -> allWork.read(List.of("cuda:0", "tensorrt:0")))
                .withMessageContaining("names the device gpu twice, as cuda:0 and tensorrt:0");
    }

    @Test
    void deviceThatDoesNotComputeIsRefusedWithItsReason() {
        var broken = new DeviceSetting(device -> {
            throw new GenerationFailed(new Failure(Code.NOT_CONFIGURED, "The driver is missing. Install it."));
        });

        assertThatExceptionOfType(SettingRefused.class)
                .isThrownBy(() -> broken.read(List.of("cuda:0")))
                .withMessage("io.atelier.generator.models.devices: The driver is missing. Install it.");
    }

    @Test
    void missingProviderSaysWhatToInstall() {
        assertThatExceptionOfType(SettingRefused.class)
                .isThrownBy(() -> DeviceSetting.proving(1).read(List.of("cpu", "tensorrt:1")))
                .withMessageContaining(
                        "The device tensorrt:1 cannot be used: this ONNX Runtime was built for cpu only.")
                .withMessageContaining("generator-worker:cuda");
    }
}
