package io.atelier.generator.engine.diffusion;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the model {@code pocket}, which is part of the worker.
 *
 * @param threads threads for one image; 0 for the number of processors, up to 4
 */
@Validated
@ConfigurationProperties("io.atelier.generator.pocket")
record PocketProperties(@DefaultValue("0") @Min(0) @Max(256) int threads) {

    private static final int MAX_AUTOMATIC = 4;

    /** The layers of this small network have too little work for more than four threads. */
    int effectiveThreads() {
        return threads == 0 ? Math.min(MAX_AUTOMATIC, Runtime.getRuntime().availableProcessors()) : threads;
    }
}
