package io.atelier.acceptance.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.acceptance.crash.plan.AvatarKill;
import io.atelier.acceptance.crash.plan.AvatarKillPlan;
import io.atelier.acceptance.crash.plan.DeploymentShape;
import io.atelier.acceptance.crash.plan.Fault;
import io.atelier.acceptance.crash.plan.FaultPlan;
import io.atelier.acceptance.crash.plan.FaultRound;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;

/**
 * Runs the rounds of a seed in sequence on one system, and starts a new system after a failed round.
 *
 * @param <R> the kind of the rounds
 */
final class CrashTestRun<R> {

    private final String name;
    private final long seed;
    private final Function<Path, Target<R>> start;
    private @Nullable Target<R> system;
    private int systemCount;

    private CrashTestRun(String name, long seed, Function<Path, Target<R>> start) {
        this.name = name;
        this.seed = seed;
        this.start = start;
    }

    /** The rounds for the system properties {@code crash.seed}, {@code crash.rounds} and {@code crash.faults}. */
    static Stream<DynamicTest> of(DeploymentShape shape) {
        long seed = seed();
        int rounds = roundCount();
        return new CrashTestRun<FaultRound>(
                        shape.toString(), seed, folder -> target(SystemUnderTest.of(shape, folder, seed), seed))
                .tests(FaultPlan.rounds(shape, seed, rounds, faults()));
    }

    /** The rounds with avatars for the system properties {@code crash.seed} and {@code crash.rounds}. */
    static Stream<DynamicTest> ofAvatars() {
        long seed = seed();
        return new CrashTestRun<AvatarKill>("avatars", seed, folder -> AvatarSystem.start(folder, seed))
                .tests(AvatarKillPlan.rounds(seed, roundCount()));
    }

    private static long seed() {
        return Long.getLong("crash.seed", System.currentTimeMillis() % 1_000_000);
    }

    private static int roundCount() {
        return Integer.getInteger("crash.rounds", 6);
    }

    private static Target<FaultRound> target(SystemUnderTest system, long seed) {
        return new Target<>() {
            @Override
            public List<String> run(FaultRound round) throws InterruptedException {
                return FaultRoundRunner.of(system, round, seed);
            }

            @Override
            public void close() throws IOException {
                system.close();
            }
        };
    }

    private Stream<DynamicTest> tests(List<R> rounds) {
        System.out.printf("crash seed=%d shape=%s rounds=%d%n", seed, name, rounds.size());
        return rounds.stream()
                .map(round -> DynamicTest.dynamicTest("seed " + seed + " " + round, () -> execute(round)))
                .onClose(this::close);
    }

    private static Set<Fault> faults() {
        return Pattern.compile(",")
                .splitAsStream(System.getProperty("crash.faults", ""))
                .filter(name -> !name.isBlank())
                .map(Fault::of)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Fault.class)));
    }

    private void execute(R round) throws Exception {
        var running = system;
        if (running == null) {
            running = start.apply(folder());
            system = running;
        }
        boolean passed = false;
        try {
            var violations = running.run(round);
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
        var folder = Path.of("target", "crash", name + "-" + systemCount).toAbsolutePath();
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

    /** A running system on which rounds are run in sequence. */
    interface Target<R> extends Closeable {

        /** Runs a round, and returns its violations. */
        List<String> run(R round) throws InterruptedException;
    }
}
