package io.atelier.acceptance.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.acceptance.crash.plan.Deck;
import io.atelier.acceptance.crash.plan.Fault;
import io.atelier.acceptance.crash.plan.Round;
import io.atelier.acceptance.crash.plan.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;

/** The rounds of a seed, one after the other on one system; after a round that failed, on a new one. */
final class Pass {

    private final Shape shape;
    private final long seed;
    private @Nullable Installation system;
    private int systems;

    private Pass(Shape shape, long seed) {
        this.shape = shape;
        this.seed = seed;
    }

    /** The rounds as the settings {@code crash.seed}, {@code crash.rounds} and {@code crash.faults} want them. */
    static Stream<DynamicTest> of(Shape shape) {
        long seed = Long.getLong("crash.seed", System.currentTimeMillis() % 1_000_000);
        int rounds = Integer.getInteger("crash.rounds", 6);
        var pass = new Pass(shape, seed);
        System.out.printf("crash seed=%d shape=%s rounds=%d%n", seed, shape, rounds);
        return Deck.draw(shape, seed, rounds, faults()).stream()
                .map(round -> DynamicTest.dynamicTest("seed " + seed + " " + round, () -> pass.play(round)))
                .onClose(pass::close);
    }

    private static Set<Fault> faults() {
        return Pattern.compile(",")
                .splitAsStream(System.getProperty("crash.faults", ""))
                .filter(name -> !name.isBlank())
                .map(Fault::of)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Fault.class)));
    }

    private void play(Round round) throws Exception {
        var running = system;
        if (running == null) {
            running = Installation.of(shape, folder(), seed);
            system = running;
        }
        boolean well = false;
        try {
            var violations = RoundRun.of(running, round, seed);
            well = violations.isEmpty();
            assertThat(violations.stream().reduce("", (text, next) -> text + "\n" + next))
                    .as("seed %d, %s", seed, round)
                    .isEmpty();
        } finally {
            if (!well) {
                close();
            }
        }
    }

    private void close() {
        var running = system;
        system = null;
        if (running != null) {
            try {
                running.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A new folder, that is still there when the pass is over. */
    private Path folder() {
        systems++;
        var folder = Path.of("target", "crash", shape + "-" + systems).toAbsolutePath();
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return folder;
    }
}
