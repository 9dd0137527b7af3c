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
    void wallClockIsShiftedAndWaitsLastAsLongAsEver() throws Exception {
        var clock = ShiftedClock.in(folder);
        Assumptions.assumeTrue(clock.isPresent(), "libfaketime is installed");
        clock.orElseThrow().shift(Duration.ofHours(2));

        var told = told(clock.orElseThrow()).lines().toList();

        var ahead = Duration.between(Instant.now(), Instant.parse(told.get(0)));
        assertThat(ahead).isBetween(Duration.ofMinutes(119), Duration.ofMinutes(121));
        assertThat(Long.parseLong(told.get(1)))
                .as("milliseconds of ten waits")
                .isGreaterThanOrEqualTo(Probe.WAITS * 90);
    }

    private static String told(ShiftedClock clock) throws InterruptedException {
        var builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Probe.class.getName());
        builder.environment().putAll(clock.environment());
        try {
            var process = builder.start();
            var told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            assertThat(process.waitFor()).isZero();
            return told;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tells the time, and how long ten waits of 100 ms took. */
    static final class Probe {

        private static final int WAITS = 10;

        @SuppressWarnings("WaitNotInLoop") // Nobody notifies.
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
