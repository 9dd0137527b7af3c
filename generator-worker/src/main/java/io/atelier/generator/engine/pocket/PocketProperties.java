package io.atelier.generator.engine.pocket;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the engine {@code pocket}.
 *
 * @param threads how many threads draw one picture; 0 for as many as this machine has processors, up to four
 */
@Validated
@ConfigurationProperties("io.atelier.generator.pocket")
public record PocketProperties(
        @DefaultValue("0") @Min(0) @Max(256) int threads) {

    private static final int ENOUGH = 4;

    /** The layers of so small a net have not work enough for many threads. */
    int threadsHere() {
        return threads == 0 ? Math.min(ENOUGH, Runtime.getRuntime().availableProcessors()) : threads;
    }
}
