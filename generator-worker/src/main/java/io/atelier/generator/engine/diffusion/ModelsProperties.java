package io.atelier.generator.engine.diffusion;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
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
 * @param threads threads for one image; 0 for the number of processors
 * @param memory memory for all loaded models and for the images that one of them makes; 0 for three quarters of what the Java heap leaves of the
 *     machine's memory
 * @param idleTimeout how long a model stays loaded after its last image
 */
@Validated
@ConfigurationProperties("io.atelier.generator.models")
public record ModelsProperties(
        @DefaultValue("") String folder,
        @DefaultValue("0") @Min(0) @Max(256) int threads,
        @DefaultValue("0B") DataSize memory,
        @DefaultValue("10m") @DurationMin(seconds = 1) Duration idleTimeout) {

    private static final long SMALLEST_BUDGET = DataSize.ofMegabytes(256).toBytes();

    /** The models folder; empty if there is none. */
    Optional<Path> path() {
        return folder.isBlank() ? Optional.empty() : Optional.of(Path.of(folder));
    }

    int effectiveThreads() {
        return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    }

    /** The memory for loaded models, in bytes. */
    long memoryBytes() {
        if (memory.toBytes() > 0) {
            return memory.toBytes();
        }
        var machine = ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
        long left = machine.getTotalMemorySize() - Runtime.getRuntime().maxMemory();
        return Math.max(SMALLEST_BUDGET, left / 4 * 3);
    }
}
