package io.atelier.contract.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceNameTests {

    @ParameterizedTest
    @CsvSource({
        "cpu, cpu, true",
        "cpu, gpu, false",
        "gpu, gpu, true",
        "gpu, gpu.3, true",
        "gpu, cpu, false",
        "gpu.0, gpu, true",
        "gpu.0, gpu.0, true",
        "gpu.0, gpu.1, false",
        "gpu.1, gpu, false",
        "gpu.1, gpu.1, true",
        "gpu.1, gpu.10, false",
        "gpu, tpu, false"
    })
    void requiredDeviceIncludesAnnouncedOnes(String required, String announced, boolean isIncluded) {
        assertThat(new DeviceName(required).includes(announced)).isEqualTo(isIncluded);
    }

    @Test
    void namesAreReadInAnyCase() {
        assertThat(DeviceName.parse("GPU.12")).contains(new DeviceName("gpu.12"));
        assertThat(new DeviceName("gpu.12").kind()).isEqualTo("gpu");
        assertThat(DeviceName.KINDS).containsExactly("cpu", "gpu");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "npu", "auto", "cpu.0", "gpu.", "gpu.01", "gpu.1000", "gpu:1", " gpu"})
    void otherNamesAreNone(String name) {
        assertThat(DeviceName.parse(name)).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> new DeviceName(name));
    }
}
