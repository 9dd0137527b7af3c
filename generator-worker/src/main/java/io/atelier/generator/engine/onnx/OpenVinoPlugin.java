package io.atelier.generator.engine.onnx;

import ai.onnxruntime.OrtEpDevice;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtHardwareDevice.OrtHardwareDeviceType;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationFailed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The execution provider of OpenVINO, which ONNX Runtime loads from a library of its own. Thread-safe. */
public final class OpenVinoPlugin {

    private static final String REGISTRATION = "atelier-openvino";
    private static final String PROVIDER = "OpenVINO";

    /** The devices of OpenVINO that are used, the preferred one first. */
    private static final List<OrtHardwareDeviceType> TYPES =
            List.of(OrtHardwareDeviceType.GPU, OrtHardwareDeviceType.CPU);

    private static volatile boolean isRegistered;

    private OpenVinoPlugin() {}

    /**
     * Registers the library, once in a process.
     *
     * @throws GenerationFailed if there is no such file, or it is no execution provider for this version of ONNX Runtime
     */
    public static synchronized void register(Path library) {
        if (isRegistered) {
            return;
        }
        if (!Files.isRegularFile(library)) {
            throw failed("there is no such file", null);
        }
        try {
            OnnxSession.environment()
                    .registerExecutionProviderLibrary(
                            REGISTRATION, library.toAbsolutePath().toString());
            isRegistered = true;
        } catch (OrtException e) {
            throw failed(String.valueOf(e.getMessage()), e);
        }
    }

    /** Whether the plugin is there and has found a device. */
    static boolean isUsable() {
        return device().isPresent();
    }

    /** Whether it computes on a graphics card, rather than on the processor. */
    static boolean usesGpu() {
        return device().filter(device -> device.getDevice().getType() == OrtHardwareDeviceType.GPU)
                .isPresent();
    }

    /** Makes sessions with these options run on the preferred device. */
    static void addTo(SessionOptions options) throws OrtException {
        var device = device();
        if (device.isPresent()) {
            options.addExecutionProvider(List.of(device.get()), Map.of());
        } else {
            // An ONNX Runtime that was built with OpenVINO, or else its own message.
            options.addOpenVINO("");
        }
    }

    private static Optional<OrtEpDevice> device() {
        if (!isRegistered) {
            return Optional.empty();
        }
        try {
            return OnnxSession.environment().getEpDevices().stream()
                    .filter(device -> device.getEpName().contains(PROVIDER))
                    .filter(device -> TYPES.contains(device.getDevice().getType()))
                    .min(Comparator.comparing(
                            device -> TYPES.indexOf(device.getDevice().getType())));
        } catch (OrtException e) {
            throw failed(String.valueOf(e.getMessage()), e);
        }
    }

    private static GenerationFailed failed(String reason, @Nullable Throwable cause) {
        var message = "The library of OpenVINO's plugin cannot be used: %s. %s"
                .formatted(reason, DeviceKind.OPENVINO.remedy());
        return new GenerationFailed(new Failure(Code.NOT_CONFIGURED, message), cause);
    }
}
