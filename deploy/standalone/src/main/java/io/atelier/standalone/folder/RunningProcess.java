package io.atelier.standalone.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A process that runs parts of the system.
 *
 * @param pid its number, which the operating system gives again after its end
 * @param startedAt when the process started: with the number, it is told from a later process of the same number
 * @param parts what it runs, such as {@code gateway}
 * @param url where its gateway listens; null if it has none
 * @param kafka where its broker listens, host and port; null if it has none
 * @param s3 where its store listens; null if it has none
 */
public record RunningProcess(
        long pid,
        Instant startedAt,
        List<String> parts,
        @Nullable String url,
        @Nullable String kafka,
        @Nullable String s3) {

    /** The start is computed from the boot time, which moves a little when the clock is set. */
    private static final Duration CLOCK_SLACK = Duration.ofSeconds(2);

    /** Where Linux tells of its processes, as proc(5) says. */
    private static final Path PROC = Path.of("/proc");

    public RunningProcess {
        parts = List.copyOf(parts);
    }

    /** This process. */
    public static RunningProcess current(
            List<String> parts, @Nullable String url, @Nullable String kafka, @Nullable String s3) {
        var self = ProcessHandle.current();
        var startedAt = self.info().startInstant().orElse(Instant.EPOCH);
        return new RunningProcess(self.pid(), startedAt, parts, url, kafka, s3);
    }

    /** The process, if it is still the one that was written down, and lives. */
    public Optional<ProcessHandle> handle() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(this::startedThen)
                .filter(process -> !ended(process));
    }

    /** Java calls a process alive that has ended but whose end nobody has heard yet: in a container perhaps for ever. */
    private static boolean ended(ProcessHandle process) {
        try {
            var status = Files.readString(PROC.resolve(process.pid() + "/stat"));
            // Behind the program's name, which may hold anything, brackets included.
            return status.startsWith("Z", status.lastIndexOf(')') + 2);
        } catch (IOException e) {
            // No Linux, or gone since.
            return !process.isAlive();
        }
    }

    private boolean startedThen(ProcessHandle process) {
        var start = process.info().startInstant().orElse(Instant.EPOCH);
        return Duration.between(start, startedAt).abs().compareTo(CLOCK_SLACK) <= 0;
    }
}
