package io.atelier.acceptance.crash.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Sets the wall clock of one running process with the library libfaketime (package {@code libfaketime} on Debian). Durations that the process
 * measures are not affected, as when the clock of a machine is set.
 */
public final class ShiftedClock {

    private static final String SETTING = "ATELIER_FAKETIME";

    private final Path library;
    private final Path file;

    private ShiftedClock(Path library, Path file) {
        this.library = library;
        this.file = file;
    }

    /**
     * Creates a clock without a shift.
     *
     * @param folder the folder for its file
     * @return empty if the library is neither at its path on Debian nor at the path in ATELIER_FAKETIME
     */
    public static Optional<ShiftedClock> in(Path folder) {
        return library().map(found -> {
            var clock = new ShiftedClock(found, folder.resolve("clock"));
            clock.shift(Duration.ZERO);
            return clock;
        });
    }

    /** Environment variables of a process that uses this clock. The process reads the file of the clock once per second. */
    public Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD", library.toString(),
                "FAKETIME_TIMESTAMP_FILE", file.toString(),
                "FAKETIME_CACHE_DURATION", "1",
                "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                // Otherwise timed waits of the JVM, which use the monotonic clock, end at once, and its threads
                // spin.
                "FAKETIME_FORCE_MONOTONIC_FIX", "0",
                "NO_FAKE_STAT", "1");
    }

    /** Sets the clock ahead of (positive) or behind the real time; takes effect within two seconds. */
    public void shift(Duration by) {
        try {
            var temporary = file.resolveSibling("clock.new");
            Files.writeString(temporary, "%+d".formatted(by.toSeconds()));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> library() {
        var named = System.getenv(SETTING);
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        try (var folders = Files.list(Path.of("/usr/lib"))) {
            return folders.map(folder -> folder.resolve("faketime/libfaketimeMT.so.1"))
                    .filter(Files::isRegularFile)
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
