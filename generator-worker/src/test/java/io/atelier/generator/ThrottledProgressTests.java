package io.atelier.generator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ThrottledProgressTests {

    private final AtomicLong now = new AtomicLong(1_000_000);
    private final List<String> reported = new ArrayList<>();
    private final List<Runnable> later = new ArrayList<>();

    @Test
    void aRunThatEndsWithinTheFirstIntervalReportsNothing() {
        try (var progress = start(later::add)) {
            progress.at("denoise", 0, 50);
            progress.at("denoise", 50, 50);
        }
        later.forEach(Runnable::run);

        assertThat(reported).isEmpty();
    }

    @Test
    void aLongerRunReportsItsLastStepAtTheEndOfTheFirstInterval() {
        try (var progress = start(later::add)) {
            progress.at("wait", 0, 1);
            progress.at("denoise", 0, 50);
            assertThat(reported).isEmpty();

            later.forEach(Runnable::run);
            progress.at("denoise", 1, 50);
            progress.at("denoise", 50, 50);
        }

        assertThat(reported).containsExactly("denoise 0/50", "denoise 50/50");
    }

    @Test
    void aFastPhaseReportsItsFirstAndItsLastStep() {
        var progress = started();
        for (int step = 0; step <= 50; step++) {
            progress.at("denoise", step, 50);
            now.addAndGet(1);
        }

        assertThat(reported).containsExactly("denoise 0/50", "denoise 50/50");
    }

    @Test
    void aSlowPhaseReportsOneStepForEachInterval() {
        var progress = started();
        for (int step = 0; step <= 10; step++) {
            progress.at("denoise", step, 10);
            now.addAndGet(60);
        }

        assertThat(reported)
                .containsExactly(
                        "denoise 0/10",
                        "denoise 2/10",
                        "denoise 4/10",
                        "denoise 6/10",
                        "denoise 8/10",
                        "denoise 10/10");
    }

    @Test
    void everyPhaseIsReported() {
        var progress = started();
        progress.at("encode", 1, 1);
        progress.at("denoise", 0, 8);
        progress.at("denoise", 1, 8);
        progress.at("denoise", 8, 8);
        progress.at("upscale", 0, 2);
        progress.at("upscale", 1, 2);
        progress.at("upscale", 2, 2);

        assertThat(reported).containsExactly("encode 1/1", "denoise 0/8", "denoise 8/8", "upscale 0/2", "upscale 2/2");
    }

    /** The progress of a run whose first interval is over. */
    private ThrottledProgress started() {
        return start(Runnable::run);
    }

    private ThrottledProgress start(Executor afterInterval) {
        return ThrottledProgress.start(
                (phase, step, steps) -> reported.add(phase + " " + step + "/" + steps),
                () -> Instant.ofEpochMilli(now.get()),
                Duration.ofMillis(100),
                afterInterval);
    }
}
