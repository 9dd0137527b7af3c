package io.atelier.generator.engine.diffusion;

import io.atelier.generator.engine.onnx.InferenceDevice;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the models that the worker runs itself.
 *
 * @param folder the models folder: each model is a folder in it, and its name is the name in requests; empty for no such models
 * @param devices what runs the models, the preferred one first: auto alone for an NVIDIA card if ONNX Runtime can use one and else the processor, or
 *     a list of cpu, cuda:N, tensorrt:N, openvino, coreml and directml:N. Each runs one image at a time
 * @param threads threads for one image; 0 for the number of processors
 * @param memory the processor's memory for all loaded models and for the images that one of them makes; 0 for three quarters of what the Java heap leaves of the
 *     machine's memory
 * @param deviceMemory memory of each other device, for all models that are loaded to it and for the images that one of them makes
 * @param idleTimeout how long a model stays loaded after its last image
 * @param onnxruntimeFolder a folder with native libraries of ONNX Runtime to use instead of those that Atelier brings; empty for none
 * @param openvinoLibrary the library of OpenVINO's plugin for ONNX Runtime; empty for none
 */
@Validated
@ConfigurationProperties("io.atelier.generator.models")
public record ModelsProperties(
        @DefaultValue("") String folder,
        @DefaultValue("auto") List<String> devices,
        @DefaultValue("0") @Min(0) @Max(256) int threads,
        @DefaultValue("0B") DataSize memory,
        @DefaultValue("8GB") DataSize deviceMemory,
        @DefaultValue("10m") @DurationMin(seconds = 1) Duration idleTimeout,
        @DefaultValue("") String onnxruntimeFolder,
        @DefaultValue("") String openvinoLibrary) {

    private static final long SMALLEST_BUDGET = DataSize.ofMegabytes(256).toBytes();

    public ModelsProperties {
        devices = List.copyOf(devices);
        requireSize("memory", memory);
        requireSize("device-memory", deviceMemory);
    }

    private static void requireSize(String setting, DataSize size) {
        if (size.isNegative()) {
            throw new IllegalArgumentException(
                    "io.atelier.generator.models.%s is %s; it must be 0B or more, such as 12GB."
                            .formatted(setting, size));
        }
    }

    /** The models folder; empty if there is none. */
    Optional<Path> path() {
        return folder.isBlank() ? Optional.empty() : Optional.of(Path.of(folder));
    }

    int effectiveThreads() {
        return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    }

    /** The memory for the models that are loaded to a device, in bytes. */
    long memoryBytes(InferenceDevice device) {
        return device.equals(InferenceDevice.CPU) ? memoryBytes() : deviceMemory.toBytes();
    }

    private long memoryBytes() {
        if (memory.toBytes() > 0) {
            return memory.toBytes();
        }
        var machine = ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
        long left = machine.getTotalMemorySize() - Runtime.getRuntime().maxMemory();
        return Math.max(SMALLEST_BUDGET, left / 4 * 3);
    }
}
