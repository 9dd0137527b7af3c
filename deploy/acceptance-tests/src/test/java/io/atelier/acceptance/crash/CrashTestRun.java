package io.atelier.acceptance.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.acceptance.crash.plan.DeploymentShape;
import io.atelier.acceptance.crash.plan.Fault;
import io.atelier.acceptance.crash.plan.FaultPlan;
import io.atelier.acceptance.crash.plan.FaultRound;
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

/** Runs the rounds of a seed in sequence on one system, and starts a new system after a failed round. */
final class CrashTestRun {

    private final DeploymentShape shape;
    private final long seed;
    private @Nullable SystemUnderTest system;
    private int systemCount;

    private CrashTestRun(DeploymentShape shape, long seed) {
        this.shape = shape;
        this.seed = seed;
    }

    /** The rounds for the system properties {@code crash.seed}, {@code crash.rounds} and {@code crash.faults}. */
    static Stream<DynamicTest> of(DeploymentShape shape) {
        long seed = Long.getLong("crash.seed", System.currentTimeMillis() % 1_000_000);
        int rounds = Integer.getInteger("crash.rounds", 6);
        var run = new CrashTestRun(shape, seed);
        System.out.printf("crash seed=%d shape=%s rounds=%d%n", seed, shape, rounds);
        return FaultPlan.rounds(shape, seed, rounds, faults()).stream()
                .map(round -> DynamicTest.dynamicTest("seed " + seed + " " + round, () -> run.execute(round)))
                .onClose(run::close);
    }

    private static Set<Fault> faults() {
        return Pattern.compile(",")
                .splitAsStream(System.getProperty("crash.faults", ""))
                .filter(name -> !name.isBlank())
                .map(Fault::of)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Fault.class)));
    }

    private void execute(FaultRound round) throws Exception {
        var running = system;
        if (running == null) {
            running = SystemUnderTest.of(shape, folder(), seed);
            system = running;
        }
        boolean passed = false;
        try {
            var violations = FaultRoundRunner.of(running, round, seed);
            passed = violations.isEmpty();
            assertThat(violations.stream().reduce("", (text, next) -> text + "\n" + next))
                    .as("seed %d, %s", seed, round)
                    .isEmpty();
        } finally {
            if (!passed) {
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

    /** A new folder, which is kept after the run. */
    private Path folder() {
        systemCount++;
        var folder = Path.of("target", "crash", shape + "-" + systemCount).toAbsolutePath();
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
