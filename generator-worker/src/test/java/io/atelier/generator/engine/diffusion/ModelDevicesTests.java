package io.atelier.generator.engine.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.atelier.contract.job.DeviceName;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.diffusion.ModelDevices.Turn;
import io.atelier.generator.engine.onnx.DeviceKind;
import io.atelier.generator.engine.onnx.InferenceDevice;
import io.atelier.generator.engine.onnx.SessionFactory;
import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ModelDevicesTests {

    private static final Object MODEL = new Object();
    private static final ModelDevice FIRST = device(new InferenceDevice(DeviceKind.CUDA, 0), 100L << 20);
    private static final ModelDevice SECOND = device(new InferenceDevice(DeviceKind.CUDA, 1), 100L << 20);
    private static final ModelDevice PROCESSOR = device(InferenceDevice.CPU, 1000L << 20);

    private final ModelDevices devices = new ModelDevices(List.of(FIRST, SECOND, PROCESSOR));

    @DisplayName("As many runs as there are devices get one each, and the next waits for the preferred one")
    @Test
    void runsAreSpreadOverTheDevices() {
        var first = devices.choose(MODEL, null, device -> 1);
        var second = devices.choose(MODEL, null, device -> 1);
        var third = devices.choose(MODEL, null, device -> 1);
        var fourth = devices.choose(MODEL, null, device -> 1);

        assertThat(List.of(first, second, third, fourth))
                .extracting(Turn::cache)
                .containsExactly(FIRST.cache(), SECOND.cache(), PROCESSOR.cache(), FIRST.cache());
    }

    @Test
    void deviceIsFreeAgainAfterARun() {
        var first = devices.choose(MODEL, null, device -> 1);
        try (var second = devices.choose(MODEL, null, device -> 1)) {
            assertThat(second.cache()).isEqualTo(SECOND.cache());
        }
        first.close();

        assertThat(devices.choose(MODEL, null, device -> 1).cache()).isEqualTo(FIRST.cache());
    }

    @Test
    void requiredDeviceIsUsedAlthoughAnotherOneIsFree() {
        var processor = devices.choose(MODEL, new DeviceName("cpu"), device -> 1);
        var again = devices.choose(MODEL, new DeviceName("cpu"), device -> 1);
        var numbered = devices.choose(MODEL, new DeviceName("gpu.1"), device -> 1);
        var any = devices.choose(MODEL, new DeviceName("gpu"), device -> 1);

        assertThat(List.of(processor, again, numbered, any))
                .extracting(Turn::cache)
                .containsExactly(PROCESSOR.cache(), PROCESSOR.cache(), SECOND.cache(), FIRST.cache());
    }

    @Test
    void missingDeviceIsNamed() {
        assertThatExceptionOfType(GenerationFailed.class)
                .isThrownBy(() -> devices.choose(MODEL, new DeviceName("gpu.2"), device -> 1))
                .satisfies(failed -> {
                    assertThat(failed.failure().code()).isEqualTo(Code.ENGINE_UNAVAILABLE);
                    assertThat(failed.failure().message())
                            .startsWith("This worker has no device 'gpu.2'; it has: gpu, gpu.1, cpu.");
                });
    }

    @DisplayName(
            "A model that is too large for the cards is run by the processor, and one that is too large for all has"
                    + " the problem of the first")
    @Test
    void largeModelIsRunWhereItFits() {
        assertThat(devices.choose(MODEL, null, device -> 500L << 20).cache()).isEqualTo(PROCESSOR.cache());
        assertThat(devices.problem("large", device -> 500L << 20)).isEmpty();
        assertThat(devices.problem("larger", device -> 5000L << 20))
                .isEqualTo(FIRST.cache().problem("larger", 5000L << 20));
    }

    @DisplayName("A model that needs less memory on a card than on the processor is run by the card")
    @Test
    void modelIsMeasuredOnEachDevice() {
        ToLongFunction<InferenceDevice> bytes = device -> (device.kind() == DeviceKind.CUDA ? 90L : 1100L) << 20;

        assertThat(devices.choose(MODEL, null, bytes).cache()).isEqualTo(FIRST.cache());
        assertThat(devices.problem("half", bytes)).isEmpty();
        assertThat(devices.left(bytes)).isEqualTo(10L << 20);
    }

    private static ModelDevice device(InferenceDevice device, long bytes) {
        return new ModelDevice(
                device,
                SessionFactory.on(device, 1),
                new PipelineCache<>(bytes, Duration.ofMinutes(10), System::nanoTime));
    }
}
