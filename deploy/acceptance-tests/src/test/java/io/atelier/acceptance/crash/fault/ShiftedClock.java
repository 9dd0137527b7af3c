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
 * The clock of one process, which can be set while it runs, by the library libfaketime (package {@code libfaketime} on Debian). What the
 * process measures of durations goes on as before, as with a clock that somebody sets.
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
     * A clock that shows the right time for now.
     *
     * @param folder where its file may lie
     * @return empty if the library is not on this machine, where Debian puts it or where ATELIER_FAKETIME says
     */
    public static Optional<ShiftedClock> in(Path folder) {
        return library().map(found -> {
            var clock = new ShiftedClock(found, folder.resolve("clock"));
            clock.shift(Duration.ZERO);
            return clock;
        });
    }

    /** What a process has to be started with to go by this clock, which it looks at once a second: each look opens and reads a file. */
    public Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD", library.toString(),
                "FAKETIME_TIMESTAMP_FILE", file.toString(),
                "FAKETIME_CACHE_DURATION", "1",
                "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                // Otherwise the JVM's own timed waits, which go by the monotonic clock, are over at once, and its
                // threads spin.
                "FAKETIME_FORCE_MONOTONIC_FIX", "0",
                "NO_FAKE_STAT", "1");
    }

    /** Sets the clock so much before or behind the right time, within a second or two. */
    public void shift(Duration by) {
        try {
            var whole = file.resolveSibling("clock.new");
            Files.writeString(whole, "%+d".formatted(by.toSeconds()));
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
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
