package io.atelier.standalone.draw;

import io.atelier.standalone.client.GenerationResponse;
import io.atelier.standalone.console.Console;
import java.time.Duration;

/** How a generation goes, in one line: live on a terminal, elsewhere only when it enters another stage. */
final class ProgressLine {

    private static final int BAR = 20;

    private final Console console;
    private final long began = System.nanoTime();

    ProgressLine(Console console) {
        this.console = console;
    }

    void show(GenerationResponse generation) {
        var words = generation.stage().isEmpty()
                ? generation.status()
                : generation.status() + ", " + generation.stage().replace('_', ' ');
        if (!console.terminal()) {
            console.progress(words);
            return;
        }
        var bar = generation.fraction().isPresent() ? bar(generation.fraction().getAsDouble()) + " " : "";
        console.progress("%s%s, %.0f s".formatted(bar, words, seconds()));
    }

    double seconds() {
        return (System.nanoTime() - began) / (double) Duration.ofSeconds(1).toNanos();
    }

    private static String bar(double fraction) {
        int full = (int) Math.round(Math.max(0, Math.min(1, fraction)) * BAR);
        return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "] %3d%%".formatted(full * 100 / BAR);
    }
}
