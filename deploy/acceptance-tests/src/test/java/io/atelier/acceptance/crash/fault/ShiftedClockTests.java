package io.atelier.acceptance.crash.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("crash")
class ShiftedClockTests {

    @TempDir
    Path folder;

    @Test
    void shiftsTheWallClockButNotTimedWaits() throws Exception {
        var clock = ShiftedClock.in(folder);
        Assumptions.assumeTrue(clock.isPresent(), "libfaketime is installed");
        clock.orElseThrow().shift(Duration.ofHours(2));

        var output = run(clock.orElseThrow()).lines().toList();

        var ahead = Duration.between(Instant.now(), Instant.parse(output.get(0)));
        assertThat(ahead).isBetween(Duration.ofMinutes(119), Duration.ofMinutes(121));
        assertThat(Long.parseLong(output.get(1)))
                .as("milliseconds of ten waits")
                .isGreaterThanOrEqualTo(Probe.WAITS * 90);
    }

    private static String run(ShiftedClock clock) throws InterruptedException {
        var builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Probe.class.getName());
        builder.environment().putAll(clock.environment());
        try {
            var process = builder.start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            assertThat(process.waitFor()).isZero();
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Prints the time, and the duration of ten waits of 100 ms. */
    static final class Probe {

        private static final int WAITS = 10;

        @SuppressWarnings("WaitNotInLoop") // There is no notification.
        public static void main(String[] arguments) throws InterruptedException {
            var now = Instant.now();
            long start = System.nanoTime();
            var monitor = new Object();
            for (int i = 0; i < WAITS; i++) {
                synchronized (monitor) {
                    monitor.wait(100);
                }
            }
            System.out.println(
                    now + "\n" + Duration.ofNanos(System.nanoTime() - start).toMillis());
        }
    }
}
