package io.atelier.generator.engine.diffusion;

import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.onnx.DeviceKind;
import io.atelier.generator.engine.onnx.DeviceProof;
import io.atelier.generator.engine.onnx.InferenceDevice;
import io.atelier.generator.engine.onnx.InferenceDevices;
import io.atelier.messaging.settings.SettingRefused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the devices that the settings name, and shows that each of them computes. */
final class DeviceSetting {

    private static final Logger LOG = LoggerFactory.getLogger(DeviceSetting.class);

    private static final String NAME = "io.atelier.generator.models.devices";
    private static final String AUTO = "auto";

    private final Consumer<InferenceDevice> proof;

    /** @param proof returns if a device computes; throws {@link GenerationFailed} if it does not */
    DeviceSetting(Consumer<InferenceDevice> proof) {
        this.proof = proof;
    }

    /** Evaluates one network on each device; of the processor it is known that it computes. */
    static DeviceSetting proving(int threads) {
        return new DeviceSetting(device -> {
            device.require();
            if (!device.equals(InferenceDevice.CPU)) {
                DeviceProof.on(device, threads, Duration.ZERO);
            }
        });
    }

    /**
     * The devices of a list of names.
     *
     * @param names {@code auto} alone, or names that {@link InferenceDevice#parse} knows
     * @throws SettingRefused if a name is unknown, a device is missing here or does not compute, or two names mean the same device
     */
    InferenceDevices read(List<String> names) {
        var given = names.stream()
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        return given.isEmpty() || given.equals(List.of(AUTO)) ? automatic() : named(given);
    }

    private InferenceDevices automatic() {
        var card = new InferenceDevice(DeviceKind.CUDA, 0);
        try {
            if (InferenceDevice.kinds().contains(DeviceKind.CUDA)) {
                proof.accept(card);
                return new InferenceDevices(List.of(card));
            }
        } catch (GenerationFailed e) {
            LOG.warn("Models run on the processor: {}", e.failure().message());
        }
        return new InferenceDevices(List.of(InferenceDevice.CPU));
    }

    private InferenceDevices named(List<String> names) {
        var devices = new ArrayList<InferenceDevice>();
        var announced = new HashSet<String>();
        for (var name : names) {
            var device = InferenceDevice.parse(name)
                    .orElseThrow(() -> new SettingRefused(
                            "%s contains '%s'; it must be auto alone, or a list of %s, where N is the number of a card, from 0"
                                    .formatted(NAME, name, InferenceDevice.names())));
            try {
                proof.accept(device);
            } catch (GenerationFailed e) {
                throw new SettingRefused(NAME + ": " + e.failure().message(), e);
            }
            if (!announced.add(device.announced())) {
                throw new SettingRefused("%s names the device %s twice, as %s. Name each device once."
                        .formatted(NAME, device.announced(), String.join(" and ", names)));
            }
            devices.add(device);
        }
        return new InferenceDevices(devices);
    }
}
