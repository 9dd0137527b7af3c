package io.atelier.standalone.generation;

import io.atelier.standalone.client.GenerationResponse;
import io.atelier.standalone.console.Console;
import java.time.Duration;

/** Progress of a generation in one line: updated continuously on a terminal, otherwise printed once per stage. */
final class ProgressLine {

    private static final int BAR_WIDTH = 20;

    /** The workers of a system that has just started announce themselves some seconds after its gateway is ready. */
    private static final Duration WORKER_START = Duration.ofSeconds(10);

    private final Console console;
    private final long start = System.nanoTime();

    ProgressLine(Console console) {
        this.console = console;
    }

    /** @param obstacle what keeps the job from going on; the empty string if nothing is known */
    void show(GenerationResponse generation, String obstacle) {
        boolean mayStart = generation.lacksWorker() && obstacle.isEmpty() && seconds() < WORKER_START.toSeconds();
        var state = mayStart
                ? generation.status() + ", waiting for a worker to start"
                : describe(generation) + (obstacle.isEmpty() ? "" : "; " + obstacle);
        if (!console.terminal().err()) {
            console.progress(state);
            return;
        }
        var bar = generation.fraction().isPresent() ? bar(generation.fraction().getAsDouble()) + " " : "";
        console.progress("%s%s, %.0f s".formatted(bar, state, seconds()));
    }

    /** The status and the stage of a generation, in words for users. */
    static String describe(GenerationResponse generation) {
        if (generation.stage().isEmpty()) {
            return generation.status();
        }
        return generation.status() + ", "
                + (generation.lacksWorker()
                        ? "waiting for a worker that can do it (none runs; see './atelier workers')"
                        : generation.stage().replace('_', ' ').replace('-', ' '));
    }

    private double seconds() {
        return (System.nanoTime() - start) / (double) Duration.ofSeconds(1).toNanos();
    }

    private static String bar(double fraction) {
        int full = (int) Math.round(Math.max(0, Math.min(1, fraction)) * BAR_WIDTH);
        return "[" + "#".repeat(full) + ".".repeat(BAR_WIDTH - full) + "] %3d%%".formatted(full * 100 / BAR_WIDTH);
    }
}
